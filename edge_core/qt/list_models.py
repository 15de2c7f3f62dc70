"""A list model over frozen dataclasses: one role per field."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_FIRST_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class RecordListModel(QAbstractListModel, Generic[Row]):
    """Rows of one dataclass; QML sees each field under its own name.

    Args:
        kind: the dataclass.
        key: field that names a row for its whole life; keeps delegates alive over updates.
    """

    def __init__(self, kind: type[Row], key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._names = dict(enumerate(names, _FIRST_ROLE))
        self._key = key
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self.rows)

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802
        """See QAbstractItemModel."""
        return {role: QByteArray(name.encode()) for role, name in self._names.items()}

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if not index.isValid() or role not in self._names:
            return None
        return getattr(self.rows[index.row()], self._names[role])

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows: changed ones are updated in place, so that QML can animate them."""
        new_keys = [getattr(row, self._key) for row in rows]
        kept = set(new_keys)
        for place in range(len(self.rows) - 1, -1, -1):
            if getattr(self.rows[place], self._key) not in kept:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self.rows[place]
                self.endRemoveRows()
        if [getattr(row, self._key) for row in self.rows] != new_keys[: len(self.rows)]:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return
        for place, row in enumerate(self.rows):
            roles = self._changed(row, rows[place])
            if roles:
                self.rows[place] = rows[place]
                self.dataChanged.emit(self.index(place), self.index(place), roles)
        if len(rows) > len(self.rows):
            self.beginInsertRows(QModelIndex(), len(self.rows), len(rows) - 1)
            self.rows.extend(rows[len(self.rows) :])
            self.endInsertRows()

    def _changed(self, old: Row, new: Row) -> list[int]:
        """Roles whose values differ."""
        if old == new:
            return []
        return [r for r, name in self._names.items() if getattr(old, name) != getattr(new, name)]
