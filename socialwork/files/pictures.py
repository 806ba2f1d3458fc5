"""Pictures of papers, drawn anew: place and time of the photograph, the name of the device and all else that is not to be
seen stay behind."""
from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# A telephone makes pictures of fifty million dots; a picture made to exhaust the machine has many times more.
MOST_DOTS = 64_000_000
# A page of A4 with more than 400 dots per inch: smaller print than a seal needs, and four times less than what is allowed in.
LONGEST_SIDE = 5_000
# An A4 page of the PDF is as large as paper: dots per inch follow from its longer side of 11.7 inches.
INCHES = 11.7
FORMATS = {"jpeg": "JPEG", "png": "PNG"}


def redraw(content: bytes, kind: str) -> bytes:
    """The same picture, upright, without anything beside it. Raises ValidationError for one that is broken or a trap."""
    picture = _open(content, kind)
    result = BytesIO()
    picture.save(result, FORMATS[kind], **({"quality": 85} if kind == "jpeg" else {}))
    return result.getvalue()


def bind(pages: Sequence[bytes]) -> bytes:
    """One PDF of pictures that were drawn anew, one to a page."""
    pictures = [Image.open(BytesIO(page)).convert("RGB") for page in pages]
    result = BytesIO()
    dots = max(max(picture.size) for picture in pictures) / INCHES
    pictures[0].save(result, "PDF", save_all=True, append_images=pictures[1:], resolution=dots, quality=85)
    return result.getvalue()


def _open(content: bytes, kind: str) -> Image.Image:
    try:
        picture = Image.open(BytesIO(content), formats=[FORMATS[kind]])
        if picture.width * picture.height > MOST_DOTS:
            raise _too_many_dots()
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        return _on_white(upright)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_dots() from error
    except Exception as error:  # whatever a decoder says about a file made to mislead it, the file is not a picture
        raise ValidationError(
            _("This picture cannot be read to its end. Take or scan it again and choose the new file."), code="damaged"
        ) from error


def _on_white(picture: Image.Image) -> Image.Image:
    """Grey stays grey; everything else becomes colour, and what was transparent is paper."""
    if picture.mode in ("1", "L"):
        plain = picture.convert("L")
    elif picture.mode in ("LA", "PA", "RGBA", "P") or "transparency" in picture.info:
        plain = Image.new("RGB", picture.size, "white")
        seen = picture.convert("RGBA")
        plain.paste(seen, mask=seen.getchannel("A"))
    else:
        plain = picture.convert("RGB")
    plain.info.clear()
    return plain


def _too_many_dots() -> ValidationError:
    return ValidationError(
        _("This picture has more than 64 million dots. Take it with a lower resolution and choose the new file."), code="too_large"
    )
