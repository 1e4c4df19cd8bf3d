# Builds the environment and the models, then copies both into an image without build tools.
# A tag can be moved. Who wants the very same bytes writes the digest behind it, which
# `docker buildx imagetools inspect python:3.11.15-slim-bookworm` tells: python:…@sha256:….
ARG PYTHON=python:3.11.15-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /app
# The CPU's PyTorch, without gigabytes for graphics cards; and an onnxruntime that doesn't tell
# Microsoft how it is used.
ENV UV_TORCH_BACKEND=cpu \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    VIRTUAL_ENV=/venv \
    ORT_DISABLE_TELEMETRY=1
RUN pip install --no-cache-dir uv==0.13.9 && python -m venv --without-pip /venv
COPY requirements.lock ./
RUN uv pip install --no-cache --requirements requirements.lock
COPY pyproject.toml README.md ./
COPY knowledge ./knowledge
COPY bot ./bot
# Built by the setuptools that the lock file pins. The bot would export the models when it starts
# first; here it is done before.
RUN uv pip install --no-cache --no-deps --no-build-isolation . \
    && EXPLAINER_MODELS_DIR=/models /venv/bin/explainer prepare

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Explainer" \
      org.opencontainers.image.description="Explains AI concepts in Discord and Slack and proves every sentence before it posts it." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.base.name="docker.io/library/python:3.11.15-slim-bookworm"
RUN pip uninstall --yes --root-user-action=ignore wheel setuptools pip \
    && rm -rf /usr/local/lib/python3.11/ensurepip \
    && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin explainer \
    && install --directory --owner explainer --group explainer /data
COPY --from=build /venv /venv
COPY --from=build /models /models
COPY deploy/healthy.py /healthy.py
# Only /data and /tmp are written to. Models by name are loaded from Hugging Face where .env says
# HF_HUB_OFFLINE=0, and kept with the data.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    HF_HOME=/data/huggingface \
    HF_HUB_OFFLINE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    EXPLAINER_DATA_DIR=/data \
    EXPLAINER_MODELS_DIR=/models \
    EXPLAINER_OPS_PORT=9464
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# The first start reads all articles before it tells its health.
HEALTHCHECK --interval=15s --timeout=5s --start-period=5m --start-interval=2s --retries=3 \
    CMD ["python", "-IS", "/healthy.py"]
ENTRYPOINT ["explainer"]
CMD ["run"]
