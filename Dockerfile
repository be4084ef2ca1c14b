# The service as an image: CPU by default, CUDA with --build-arg ACCELERATOR=cuda.
#
#   docker build -t jianbao .                                     the model in a volume, /models
#   docker build -t jianbao:baked --build-arg MODEL=baked .       the model in the image
#   docker build -t jianbao:cuda --build-arg ACCELERATOR=cuda .   PyTorch with CUDA
#   docker build --target sbom --output . .                       jianbao.cdx.json, CycloneDX
#
# It needs BuildKit (DOCKER_BUILDKIT=1 before Docker 23). It runs with a read-only root: only
# /models, /data and /tmp are written to. What changes seldom is in the layers below.

ARG ACCELERATOR=cpu
ARG MODEL=none
ARG PYTHON=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
# An image that holds wheels at its root: pip takes from it what it finds there. Where there is no
# network, all of them, with --build-arg PIP_NO_INDEX=1 --build-arg TORCH_INDEX=
ARG WHEELS=scratch

# hadolint ignore=DL3006
FROM ${WHEELS} AS wheels

# ------------------------------------------------------------------ what it is built on

FROM ${PYTHON} AS base-cpu

FROM ${PYTHON} AS base-cuda
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
# Triton compiles the launchers of its kernels (xgrammar's masks) when they are first used.
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

# hadolint ignore=DL3006
FROM base-${ACCELERATOR} AS installed
RUN groupadd --gid 10001 jianbao \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jianbao \
    && install -d -o 10001 -g 10001 /models /data \
    && python3 -m venv /opt/jianbao
ENV PATH=/opt/jianbao/bin:$PATH PIP_NO_CACHE_DIR=1
WORKDIR /src
ARG PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
ARG PIP_NO_INDEX= PIP_FIND_LINKS=/wheels

# ------------------------------------------------------------------ PyTorch

ARG ACCELERATOR
# PyPI's own PyTorch brings CUDA. Empty: whatever pip's settings offer.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# What tests PyTorch and what compiles against it is left out of the CPU's image: 200 MB.
COPY requirements-torch-cpu.lock requirements-torch-cuda.lock ./
# hadolint ignore=DL3013
RUN --mount=type=bind,from=wheels,target=/wheels \
    install="pip install --no-deps --require-hashes --requirement requirements-torch-$ACCELERATOR.lock"; \
    if [ "$ACCELERATOR" = cpu ]; then \
        $install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        && rm -r /opt/jianbao/lib/python3*/site-packages/torch/include /opt/jianbao/lib/python3*/site-packages/torch/test \
        && find /opt/jianbao/lib/python3*/site-packages/torch/bin -type f ! -name torch_shm_manager -delete; \
    else \
        $install && pip install torch; \
    fi

# ------------------------------------------------------------------ the other libraries

COPY requirements.lock ./
RUN --mount=type=bind,from=wheels,target=/wheels \
    pip install --no-deps --require-hashes --requirement requirements.lock \
    && rm -r /opt/jianbao/lib/python3*/site-packages/sympy/*/tests /opt/jianbao/lib/python3*/site-packages/spacy/tests

# ------------------------------------------------------------------ the service

COPY pyproject.toml README.md LICENSE NOTICE ./
COPY jianbao jianbao
COPY service service
RUN pip install --no-index --no-deps --no-build-isolation . \
    && { pip check > /tmp/check || true; } \
    && ! grep -vE '^No broken|^xgrammar .* requires triton, which is not installed' /tmp/check \
    && rm -r /tmp/check build

# ------------------------------------------------------------------ bill of materials

FROM installed AS inventory
RUN --mount=type=bind,from=wheels,target=/wheels \
    python3 -m venv --without-pip /opt/cyclonedx \
    && pip --python /opt/cyclonedx/bin/python install --no-compile "cyclonedx-bom==7.5.0" \
    && mkdir /sbom \
    && /opt/cyclonedx/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
        --output-reproducible --output-file /sbom/jianbao.cdx.json /opt/jianbao

FROM scratch AS sbom
COPY --from=inventory /sbom/ /

# ------------------------------------------------------------------ the model: absent, or baked in

FROM installed AS weights-none
RUN mkdir /weights

FROM installed AS weights-baked
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

FROM installed AS runtime
COPY --from=weights --chown=10001:10001 /weights/ /models/
ENV PYTHONUNBUFFERED=1 \
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
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Jianbao" \
      org.opencontainers.image.description="Bilingual news briefs and translation, English and Chinese" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
