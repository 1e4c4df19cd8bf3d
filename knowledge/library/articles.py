"""Articles, their passages and vectors, each under the hash of its content.

Nothing refers to them until an edition does, so that a reindex that dies leaves nothing behind
but work that is already done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Insert, Select, Table, bindparam, exists, select

from knowledge.database import Store, batches
from knowledge.embedding import Vectors
from knowledge.library.records import (
    PassageKey,
    passage_row,
    to_article,
    to_passage,
    version_row,
)
from knowledge.library.schema import members, passages, vectors, versions
from knowledge.model import Article, Passage
from knowledge.splitting import split


class ArticleStore(Store):
    """The part of the library that holds what articles say."""

    def passage_keys(self, edition_id: int) -> list[PassageKey]:
        """The passages of an edition, in the order that the search index counts them."""
        chosen = (
            select(passages.c.id, versions.c.article_id, passages.c.vector_id)
            .join(members, members.c.version_id == passages.c.version_id)
            .join(versions, versions.c.id == passages.c.version_id)
            .where(members.c.edition_id == edition_id, members.c.same_as == "")
            .order_by(versions.c.article_id, passages.c.position)
        )
        with self._reading() as connection:
            return [PassageKey(*row) for row in connection.execute(chosen)]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by their ids; unknown ids are left out."""
        with self._reading() as connection:
            return {
                row.id: to_passage(row)
                for batch in batches(ids)
                for row in connection.execute(_PASSAGES_BY_ID, {"ids": batch})
            }

    def passages_of(self, edition_id: int, article_id: str) -> tuple[Passage, ...]:
        """The passages of one article as an edition has it, in reading order."""
        chosen = (
            _select_passages()
            .join(members, members.c.version_id == passages.c.version_id)
            .where(members.c.edition_id == edition_id, members.c.article_id == article_id)
            .order_by(passages.c.position)
        )
        with self._reading() as connection:
            return tuple(to_passage(row) for row in connection.execute(chosen))

    def version(self, version_id: str) -> Article | None:
        """A version of an article, without its text."""
        with self._reading() as connection:
            row = connection.execute(select(versions).where(versions.c.id == version_id)).first()
        return to_article(row) if row else None

    def text_of(self, version_id: str) -> str:
        """The text of a version of an article, in reading order."""
        chosen = (
            select(passages.c.text)
            .where(passages.c.version_id == version_id)
            .order_by(passages.c.position)
        )
        with self._reading() as connection:
            return "\n\n".join(connection.execute(chosen).scalars())

    def vectors(self, ids: Sequence[str], embedding: str) -> dict[str, Vectors]:
        """Vectors by their ids; those that were never embedded are left out."""
        chosen = select(vectors.c.id, vectors.c.vector).where(vectors.c.embedding == embedding)
        with self._reading() as connection:
            return {
                row.id: np.frombuffer(row.vector, dtype=np.float32)
                for batch in batches(ids)
                for row in connection.execute(chosen.where(vectors.c.id.in_(batch)))
            }

    def articles(self, edition_id: int) -> Iterator[Article]:
        """The articles of an edition without their text, by id; repetitions are left out."""
        chosen = (
            select(versions)
            .join(members, members.c.version_id == versions.c.id)
            .where(members.c.edition_id == edition_id, members.c.same_as == "")
            .order_by(versions.c.article_id)
        )
        with self._reading() as connection:
            for row in connection.execute(chosen):
                yield to_article(row)

    def article(self, edition_id: int, article_id: str) -> Article | None:
        """One article of an edition without its text."""
        chosen = (
            select(versions)
            .join(members, members.c.version_id == versions.c.id)
            .where(members.c.edition_id == edition_id, members.c.article_id == article_id)
        )
        with self._reading() as connection:
            row = connection.execute(chosen).first()
        return to_article(row) if row else None

    def titles(self, edition_id: int) -> dict[str, str]:
        """The titles of an edition's articles by their ids; repetitions are left out."""
        chosen = (
            select(members.c.article_id, versions.c.title)
            .join(versions, versions.c.id == members.c.version_id)
            .where(members.c.edition_id == edition_id, members.c.same_as == "")
        )
        with self._reading() as connection:
            return {row.article_id: row.title for row in connection.execute(chosen)}

    def without_vector(self, version_ids: Iterable[str], embedding: str) -> dict[str, str]:
        """What is still to be embedded: texts by their vector ids."""
        made = exists().where(
            vectors.c.id == passages.c.vector_id, vectors.c.embedding == embedding
        )
        missing = _select_passages().where(~made)
        with self._reading() as connection:
            return {
                row.vector_id: to_passage(row).embedded_text
                for batch in batches(version_ids)
                for row in connection.execute(missing.where(passages.c.version_id.in_(batch)))
            }

    def add_articles(self, articles: Iterable[Article]) -> list[str]:
        """Split articles into passages and keep both.

        Returns:
            The ids of their versions, in order.
        """
        ids: list[str] = []
        for batch in batches(articles):
            rows = [version_row(article) for article in batch]
            texts = [
                passage_row(passage, row["id"], position)
                for article, row in zip(batch, rows, strict=True)
                for position, passage in enumerate(split(article))
            ]
            with self._writing() as connection:
                connection.execute(self._new(versions), rows)
                if texts:
                    connection.execute(self._new(passages), texts)
            ids += [row["id"] for row in rows]
        return ids

    def add_vectors(self, ids: Sequence[str], made: Vectors, embedding: str) -> None:
        """Keep vectors; shape (ids, dimensions)."""
        rows = [
            {"id": id_, "embedding": embedding, "vector": vector.astype(np.float32).tobytes()}
            for id_, vector in zip(ids, made, strict=True)
        ]
        with self._writing() as connection:
            connection.execute(self._new(vectors), rows)

    def _new(self, table: Table) -> Insert:
        """An insertion of rows that changes none that are there."""
        return self._database.insert(table).on_conflict_do_nothing()


def _select_passages() -> Select[Any]:
    return select(
        passages,
        versions.c.article_id,
        versions.c.title,
        versions.c.metadata["aliases"].label("aliases"),
    ).join(versions, versions.c.id == passages.c.version_id)


# Asked with every question; SQLAlchemy takes longer to put it together than SQLite to answer.
_PASSAGES_BY_ID = _select_passages().where(passages.c.id.in_(bindparam("ids", expanding=True)))
