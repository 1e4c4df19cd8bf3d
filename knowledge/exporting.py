"""PyTorch modules -> onnxruntime files with 8-bit weights, made in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from knowledge.database import make_folder, told_to_people
from knowledge.errors import EmbeddingError, KnowledgeError

if TYPE_CHECKING:
    import torch

    ModuleT = TypeVar("ModuleT", bound=torch.nn.Module)


_KEPT_EXACT = tuple(f"layer.{layer}/output/dense/MatMul" for layer in range(3))
"""The early feed-forward outputs have outliers: keeping these three exact halves the error."""


def export_in_child(module: str, target: Path) -> None:
    """Run a Python module that exports to a file, so that torch never enters this process.

    Args:
        module: the module's dotted name; its only argument is the target.
        target: the file that is written; it appears when it is complete.

    Raises:
        EmbeddingError: the export failed; nothing is written.
        StorageError: the target's folder cannot be made; that is told before the long work.
    """
    make_folder(target.parent)
    done = subprocess.run(  # noqa: S603 - our own module with our own argument
        [sys.executable, "-m", module, str(target.resolve())],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parent.parent,
        text=True,
    )
    if done.returncode:
        reason = done.stderr.strip().rsplit("\n", 1)[-1]
        raise EmbeddingError(reason or "The packaged model could not be exported.")


def run_export(export: Callable[[Path], None], arguments: Sequence[str]) -> int:
    """The other side of :func:`export_in_child`: what the module does when it is run."""
    try:
        export(Path(arguments[0]))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def export_quantized(
    module: ModuleT,
    inputs: Sequence[str],
    outputs: Sequence[str],
    check: Callable[[ModuleT, Path], None],
    target: Path,
) -> None:
    """Export a module that reads one text, and check the result before it counts.

    Weights are quantized per output channel: per tensor costs ten times as much fidelity.

    Args:
        module: takes integer tensors of shape (1, tokens).
        inputs: names of the tensors.
        outputs: names of what it returns.
        check: raises :class:`EmbeddingError` if the exported file isn't faithful to the module.
        target: the file that is written; it appears when it is complete.

    Raises:
        StorageError: the file cannot be written.
    """
    make_folder(target.parent)
    exact = target.with_suffix(f".{os.getpid()}.float32")
    small = target.with_suffix(f".{os.getpid()}.int8")
    with told_to_people(target):
        try:
            _trace(module, inputs, outputs, exact)
            _quantize(exact, small)
            check(module, small)
            small.replace(target)
        finally:
            exact.unlink(missing_ok=True)
            small.unlink(missing_ok=True)


def _trace(
    module: torch.nn.Module, inputs: Sequence[str], outputs: Sequence[str], target: Path
) -> None:
    import torch

    text = torch.ones((1, 8), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of what is constant on purpose
        torch.onnx.export(
            module,
            (text,) * len(inputs),
            str(target),
            dynamo=False,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {1: "tokens"} for name in inputs},
            opset_version=17,
        )


def _quantize(source: Path, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    quant_pre_process(source, source, skip_symbolic_shape=True)
    names = [node.name for node in onnx.load(source, load_external_data=False).graph.node]
    exact = [name for name in names if any(part in name for part in _KEPT_EXACT)]
    quantize_dynamic(
        source, target, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=exact
    )
