"""Every kind of demonstration, by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing
from bot.core.talk.demonstrating import Material
from bot.demonstrations.attention import show_attention
from bot.demonstrations.layers import show_layers
from bot.demonstrations.path import show_path
from bot.demonstrations.quantization import show_quantization
from bot.demonstrations.retrieval import show_retrieval
from bot.demonstrations.sampling import SCALE, show_sampling
from bot.demonstrations.similarity import show_similarity
from bot.demonstrations.tokens import show_tokens
from bot.demonstrations.training import show_training
from bot.demonstrations.transformer import Transformer
from knowledge.model import Evidence
from knowledge.paths import LearningPath

_OF_THE_MODEL: dict[Kind, Callable[[Showing, Transformer, ImageFormat], Demonstration]] = {
    Kind.TOKENS: show_tokens,
    Kind.ATTENTION: show_attention,
    Kind.SIMILARITY: show_similarity,
    Kind.LAYERS: show_layers,
    Kind.QUANTIZATION: show_quantization,
}


def demonstrate(
    showing: Showing, material: Material, format_: ImageFormat = ImageFormat.PNG
) -> Demonstration:
    """Compute and draw what somebody wants to see; blocking.

    Args:
        showing: what.
        material: what it needs of the articles; see
            :func:`bot.core.talk.demonstrating.material_for`.
        format_: what the picture is written as.

    Raises:
        DemonstrationRefused: it can't be shown; the text says what to do.
        EmbeddingError: the packaged model is missing or altered.
    """
    match material:
        case Evidence():
            return show_retrieval(showing, material, format_)
        case LearningPath():
            return show_path(material, format_)
        case None if showing.kind is Kind.TRAINING:
            return show_training(showing, format_)
        case None:
            return _of_the_model(showing, format_)
        case nearness:
            logits = {name: SCALE * near for name, near in nearness.items()}
            return show_sampling(showing, logits, format_)


@cache
def model() -> Transformer:
    """The packaged model, read once."""
    return Transformer.load()


def _of_the_model(showing: Showing, format_: ImageFormat) -> Demonstration:
    return _OF_THE_MODEL[showing.kind](showing, model(), format_)
