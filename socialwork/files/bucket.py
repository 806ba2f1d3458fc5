"""The client of the object store, loaded only where FILES_S3_BUCKET is set."""
from __future__ import annotations

from typing import Any, NoReturn

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage


class SealedBucket(S3Storage):
    """Objects nobody is sent to: no public right, no signed link; what is kept is encrypted before it arrives.

    Times are in seconds. One file is one request, so that it is there whole or not at all.
    """

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        client = Config(
            s3={"addressing_style": addressing_style}, signature_version="s3v4",
            connect_timeout=3, read_timeout=20, retries={"mode": "standard", "max_attempts": 3},
            # Other stores than Amazon's refuse the newer checksums; ours is taken before sealing, compared on reading.
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )
        whole = TransferConfig(multipart_threshold=5 * 1024**3, use_threads=False)
        super().__init__(
            client_config=client, transfer_config=whole, default_acl=None, file_overwrite=True, gzip=False, **options
        )

    def url(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Files are answered by views that ask for the right.")
