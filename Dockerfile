# The service as an image: CPU by default, CUDA with --build-arg ACCELERATOR=cuda.
#
#   docker build -t jianbao .                                     the model in a volume, /models
#   docker build -t jianbao:baked --build-arg MODEL=baked .       the model in the image
#   docker build -t jianbao:cuda --build-arg ACCELERATOR=cuda .   PyTorch with CUDA
#   docker build --target sbom --output . .                       jianbao.cdx.json, CycloneDX
#
# It runs with a read-only root: only /models, /data and /tmp are written to.

ARG ACCELERATOR=cpu
ARG MODEL=none

# ------------------------------------------------------------------ what is installed

FROM python:3.11-slim-bookworm AS build
ARG ACCELERATOR
# PyPI's own PyTorch brings CUDA. Empty: whatever pip's settings offer.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/jianbao
ENV PATH=/opt/jianbao/bin:$PATH
COPY requirements.lock ./
RUN if [ "$ACCELERATOR" = cpu ] && [ -n "$TORCH_INDEX" ]; then \
        pip install --no-deps --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.lock)"; \
    fi
RUN pip install --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE requirements-dev.lock ./
COPY service service
# With OpenTelemetry, in the versions that the tests run with.
RUN pip install --no-build-isolation --constraint requirements-dev.lock '.[otel]' && pip check

# ------------------------------------------------------------------ bill of materials

FROM build AS inventory
RUN python -m venv /opt/cyclonedx \
    && /opt/cyclonedx/bin/pip install "cyclonedx-bom==7.5.0" \
    && mkdir /sbom \
    && /opt/cyclonedx/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
        --output-reproducible --output-file /sbom/jianbao.cdx.json /opt/jianbao

FROM scratch AS sbom
COPY --from=inventory /sbom/ /

# ------------------------------------------------------------------ the model: absent, or baked in

FROM build AS weights-none
RUN mkdir /weights

FROM build AS weights-baked
ARG LINEUP=default
ENV JIANBAO_MODELS_DIR=/weights JIANBAO_LINEUP=$LINEUP
# Layers keep whole seconds; the converted form is known by the time of its original.
RUN jianbao models pull \
    && find /weights -type f -exec sh -c 'touch -d "@$(stat -c %Y "$1")" "$1"' _ {} \;
COPY seeds/harbour-tunnel.txt ./
RUN jianbao summarize harbour-tunnel.txt

# hadolint ignore=DL3006
FROM weights-${MODEL} AS weights

# ------------------------------------------------------------------ what runs

FROM python:3.11-slim-bookworm AS runtime-cpu

FROM python:3.11-slim-bookworm AS runtime-cuda
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
# Triton compiles the launchers of its kernels (xgrammar's masks) when they are first used.
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

# hadolint ignore=DL3006
FROM runtime-${ACCELERATOR} AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Jianbao" \
      org.opencontainers.image.description="Bilingual news briefs and translation, English and Chinese" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
RUN groupadd --gid 10001 jianbao \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jianbao \
    && install -d -o 10001 -g 10001 /models /data
COPY --from=build /opt/jianbao /opt/jianbao
COPY --from=weights --chown=10001:10001 /weights/ /models/
ENV PATH=/opt/jianbao/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    JIANBAO_HOST=0.0.0.0 \
    JIANBAO_PORT=8000 \
    JIANBAO_MODELS_DIR=/models \
    JIANBAO_DATA_DIR=/data
WORKDIR /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Minutes the first time: the model is fetched and converted.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20m --retries=6 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"JIANBAO_PORT\"]}/readyz', timeout=4)"]
ENTRYPOINT ["jianbao"]
CMD ["serve"]
