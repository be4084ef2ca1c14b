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

{{- /* What the schema cannot see: values that do not go together. */ -}}
{{- define "jianbao.checks" -}}
{{- $url := or (hasKey .Values.settings "JIANBAO_JOBS_URL") (hasKey .Values.settings "JIANBAO_RATES_URL") }}
{{- if and .Values.valkey.enabled (or $url .Values.valkey.external) }}
{{- fail "valkey.enabled: it sets JIANBAO_JOBS_URL and JIANBAO_RATES_URL; for a server of your own it must be false" }}
{{- end }}
{{- $recreated := eq (get .Values.strategy "type" | default "") "Recreate" }}
{{- $one := and (eq .Values.autoscaling.kind "none") (le (.Values.replicas | default 1 | int) 1) $recreated }}
{{- if not (or .Values.valkey.enabled .Values.valkey.external (hasKey .Values.settings "JIANBAO_JOBS_URL") $one) }}
{{- fail "valkey.enabled: without it a job is unknown to the other replicas; set valkey.external to true, or replicas to 1, autoscaling.kind to none and strategy.type to Recreate" }}
{{- end }}
{{- $drain := get .Values.settings "JIANBAO_DRAIN_SECONDS" | default 120 | float64 }}
{{- $needed := addf $drain .Values.drain.preStopSeconds 16 }}
{{- if le (float64 .Values.drain.graceSeconds) $needed }}
{{- fail (printf "drain.graceSeconds: it must be more than %v: preStopSeconds, JIANBAO_DRAIN_SECONDS and 16 s for the last answers" $needed) }}
{{- end }}
{{- end }}
