"""Explainer's transaction."""

from __future__ import annotations

import shutil

from benchmarks.indexers import Indexer, Job
from benchmarks.measuring import Samples, folder_mib, seconds
from bot.app import NO_MODEL, build
from bot.settings import Settings


class Explainer(Indexer):
    """Reindexes as a transaction."""

    def __init__(self, job: Job) -> None:
        self._folder = job.folder
        settings = Settings(
            data_dir=job.folder,
            sources=(str(job.corpus.path),),
            model=NO_MODEL,
            chroma_url=job.server,
            _env_file=None,
        )
        self._app = build(settings, embedder=job.embedder)

    def index(self) -> None:
        """Reindex."""
        self._app.reindexer.run()

    def passages(self) -> int:
        """How many passages the published edition has."""
        knowledge = self._app.knowledge
        return len(knowledge.library.passage_keys(knowledge.published().id))

    def beside(self) -> Samples:
        """Copying an edition's folder, rolling back, and what one edition takes."""
        serving = self._folder / "editions" / self._app.knowledge.published().folder
        copy = self._folder / "copy"
        copying = seconds(lambda: shutil.copytree(serving, copy))
        shutil.rmtree(copy)
        return {
            "s to copy an edition": [copying],
            "s to roll back": [seconds(self._app.reindexer.roll_back)],
            "MiB of an edition": [folder_mib(serving)],
        }


INDEXER = Explainer
