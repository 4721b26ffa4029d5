"""What can go wrong that a visitor or a caller can put right.

    VitrineError
    ├── SettingError     a setting is out of its range: which, what was wanted, what was given
    ├── UploadError      a file is not what was asked for, or is too large to open safely
    ├── UnavailableError something optional (weights, a network, a device) cannot be had here
    ├── StoreError       the disk refused: full, read-only, unreachable
    └── JobError         work in another process failed, and why
        └── JobCancelled somebody stopped it

Anything else that is raised is a bug and is left to crash loudly.
"""

from __future__ import annotations


class VitrineError(Exception):
    """Base of every error whose message is written for the visitor."""


class SettingError(VitrineError):
    """A setting is out of its range."""

    def __init__(self, setting: str, *, wanted: str, given: object) -> None:
        super().__init__(setting, wanted, given)
        self.setting, self.wanted, self.given = setting, wanted, given

    def __str__(self) -> str:
        return f"{self.setting}: wanted {self.wanted}, got {self.given}."

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.setting, self.wanted, self.given)


class UploadError(SettingError):
    """An uploaded file is not what was asked for; `setting` is its name."""


class UnavailableError(VitrineError):
    """Something optional cannot be had on this machine now."""


class StoreError(VitrineError):
    """The folder of trained models could not be read or written."""


class JobError(VitrineError):
    """Work in another process failed."""


class JobCancelled(JobError):
    """Work in another process was stopped on request."""


def _rebuild(kind: type[SettingError], setting: str, wanted: str, given: object) -> SettingError:
    # Keyword-only arguments do not survive the default pickling of exceptions between processes.
    return kind(setting, wanted=wanted, given=given)


def require(condition: bool, setting: str, *, wanted: str, given: object) -> None:
    """Raise SettingError(setting, wanted, given) unless `condition` holds."""
    if not condition:
        raise SettingError(setting, wanted=wanted, given=given)
