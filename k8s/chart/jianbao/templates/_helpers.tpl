{{- define "jianbao.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "jianbao.valkey" -}}
{{- if eq (include "jianbao.name" .) .Chart.Name }}valkey{{ else }}{{ include "jianbao.name" . }}-valkey{{ end }}
{{- end }}

{{- define "jianbao.selector" -}}
app.kubernetes.io/name: jianbao
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "jianbao.valkeySelector" -}}
app.kubernetes.io/name: valkey
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "jianbao.chartLabels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "jianbao.labels" -}}
{{ include "jianbao.selector" . }}
{{ include "jianbao.chartLabels" . }}
{{- end }}

{{- define "jianbao.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "jianbao.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "jianbao.environment" -}}
- configMapRef:
    name: {{ include "jianbao.name" . }}-settings
- secretRef:
    name: {{ .Values.secrets.environment }}
    optional: true
{{- end }}
