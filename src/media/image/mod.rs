//! Turns an uploaded image into the renditions that are served: checked, upright, without metadata, in a few widths.
//!
//! Nothing of the uploaded file reaches a visitor; every byte served was encoded here from pixels. The work is
//! synchronous and heavy on processor and memory, so callers run it off the request threads and few at a time. Knows
//! bytes and pixels only: no file names, no storage, no HTTP, no database.

mod container;
#[cfg(test)]
mod tests;

use std::{fmt, fmt::Write, io::Cursor};

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    RgbImage, RgbaImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType as PngFilter, PngEncoder},
    },
    metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use sha2::{Digest, Sha256};
use webp::{PixelLayout, WebPConfig};

/// The largest upload, in bytes: 20 MiB.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// The largest image, in pixels: 50 megapixels, more than the cameras of today's phones and most others give.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The longest side, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// Widths of the renditions, in pixels; an image narrower than the last also gets one at its own width.
pub const RENDITION_WIDTHS: [u32; 4] = [320, 640, 960, 1600];

/// What a decoder may reserve for itself and its pixels, in bytes: 50 megapixels of 16 bits in four channels, and some
/// room.
///
/// The JPEG decoder does not count its coefficients against this; they are bounded by [`MAX_PIXELS`].
const MAX_DECODER_BYTES: u64 = 448 * 1024 * 1024;

/// Larger colour profiles are ignored, in bytes. Profiles of cameras and screens have a few kilobytes.
const MAX_PROFILE_BYTES: usize = 1024 * 1024;

/// The longest side WebP can express, in pixels (RFC 9649: 14 bits).
const MAX_WEBP_SIDE: u32 = 16_383;

/// Quality of lossy WebP, 0 to 100. Photographs took 44 to 58 % of the bytes of a JPEG at [`JPEG_QUALITY`] of the same
/// size.
const WEBP_QUALITY: f32 = 80.0;

/// Quality of the JPEG fallback, 1 to 100.
const JPEG_QUALITY: u8 = 82;

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processed {
    /// Width of the upright original, in pixels.
    pub width: u32,
    /// Height of the upright original, in pixels.
    pub height: u32,
    /// What the upload was, by its content.
    pub media_type: MediaType,
    /// SHA-256 of the uploaded bytes: 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// WebP from narrow to wide, then the fallback at the widest width. Never empty.
    pub renditions: Vec<Rendition>,
}

/// One encoded version of an image, without metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How `bytes` are encoded.
    pub media_type: MediaType,
    /// The usual file extension for `media_type`, without a dot.
    pub extension: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Rendition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Rendition")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// The image formats that may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/webp`
    Webp,
    /// `image/gif`
    Gif,
}

impl MediaType {
    /// The registered media type, such as `image/jpeg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// The usual file extension, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }

    const fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Webp => ImageFormat::WebP,
            Self::Gif => ImageFormat::Gif,
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why an upload was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageFault {
    /// No bytes at all.
    Empty,
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// More than [`MAX_PIXELS`], or a side longer than [`MAX_SIDE`].
    TooManyPixels,
    /// Not JPEG, PNG, WebP or GIF, whatever its name says.
    UnknownFormat,
    /// Cut off, damaged, or asking for more memory than such an image needs.
    Broken,
}

impl ImageFault {
    /// A stable code for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::TooManyPixels => "too-many-pixels",
            Self::UnknownFormat => "unknown-format",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for ImageFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "The file is empty.",
            Self::TooLarge => "The file is larger than 20 MiB.",
            Self::TooManyPixels => "The image has more than 50 megapixels, or a side longer than 16,384 pixels.",
            Self::UnknownFormat => "The file is not a JPEG, PNG, WebP or GIF image.",
            Self::Broken => "The image is damaged or incomplete and cannot be read.",
        })
    }
}

impl std::error::Error for ImageFault {}

/// Reads an uploaded image and makes its renditions.
///
/// - The format is recognised by content. Of a moving GIF, WebP or PNG only the first frame is used.
/// - EXIF orientation is applied; colours with an RGB profile (such as Display P3) become sRGB.
/// - EXIF, GPS, XMP, profiles, comments, text and anything behind the image are gone, as is colour hidden under full
///   transparency.
/// - Renditions are lossy WebP in [`RENDITION_WIDTHS`], never wider than the original, and one at its own width when
///   that is below the widest; then one JPEG, or PNG if any pixel is transparent, at the widest of these widths.
/// - The same bytes give the same result with the same build on the same kind of processor.
///
/// Takes up to a few seconds and, for 50 megapixels, some 0.6 GB of memory; run it on a thread that may block, and few
/// at a time. A JPEG whose compressed pixels are damaged but which has its end is shown as browsers show it, not
/// refused.
///
/// # Errors
/// An [`ImageFault`] for everything else. No input makes it panic.
pub fn process(bytes: &[u8]) -> Result<Processed, ImageFault> {
    if bytes.is_empty() {
        return Err(ImageFault::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(ImageFault::TooLarge);
    }
    let media_type = container::recognise(bytes).ok_or(ImageFault::UnknownFormat)?;
    container::check(bytes, media_type)?;
    // Decoders are other people's parsers of hostile input: a defect in one must refuse an upload, not take down a
    // task.
    std::panic::catch_unwind(|| convert(bytes, media_type)).unwrap_or(Err(ImageFault::Broken))
}

/// Refuses an image beyond [`MAX_PIXELS`] or [`MAX_SIDE`], and one without pixels.
fn check_dimensions(width: u32, height: u32) -> Result<(), ImageFault> {
    if width == 0 || height == 0 {
        Err(ImageFault::Broken)
    } else if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(ImageFault::TooManyPixels)
    } else {
        Ok(())
    }
}

fn convert(bytes: &[u8], media_type: MediaType) -> Result<Processed, ImageFault> {
    let decoded = decode(bytes, media_type)?;
    let (width, height) = decoded.upright_dimensions();
    let widths = rendition_widths(width);
    let widest = widest_rendition(decoded, widths.last().copied().unwrap_or(width))?;

    let mut renditions = Vec::with_capacity(widths.len() + 1);
    for narrow in widths {
        let (narrow_width, narrow_height) = scaled(width, height, narrow);
        renditions.push(if narrow_width == widest.width() {
            encode_webp(&widest)?
        } else {
            encode_webp(&resize(&widest, narrow_width, narrow_height)?)?
        });
    }
    renditions.push(encode_fallback(&widest)?);

    Ok(Processed { width, height, media_type, sha256: digest(bytes), renditions })
}

/// Pixels as they stand in the file, and what the file says about them.
struct Decoded {
    /// 8 bits a channel, with or without alpha.
    picture: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

impl Decoded {
    fn upright_dimensions(&self) -> (u32, u32) {
        let (width, height) = (self.picture.width(), self.picture.height());
        if self.lies_on_its_side() { (height, width) } else { (width, height) }
    }

    fn lies_on_its_side(&self) -> bool {
        match self.orientation {
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => true,
            Orientation::NoTransforms
            | Orientation::Rotate180
            | Orientation::FlipHorizontal
            | Orientation::FlipVertical => false,
        }
    }
}

fn decode(bytes: &[u8], media_type: MediaType) -> Result<Decoded, ImageFault> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODER_BYTES);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), media_type.format());
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(fault_of)?;
    let (width, height) = decoder.dimensions();
    check_dimensions(width, height)?;
    limits.reserve(decoder.total_bytes()).map_err(fault_of)?;
    decoder.set_limits(limits).map_err(fault_of)?;

    // Metadata that cannot be read must not cost the image.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or(None);
    let picture = DynamicImage::from_decoder(decoder).map_err(fault_of)?;
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    Ok(Decoded { picture, orientation, profile })
}

fn fault_of(error: ImageError) -> ImageFault {
    match error {
        ImageError::Limits(limit) if limit.kind() == image::error::LimitErrorKind::DimensionError => {
            ImageFault::TooManyPixels
        }
        _ => ImageFault::Broken,
    }
}

/// The widths an image of this width is served in, ascending and each once.
fn rendition_widths(width: u32) -> Vec<u32> {
    let mut widths: Vec<u32> = RENDITION_WIDTHS.into_iter().filter(|step| *step <= width).collect();
    if RENDITION_WIDTHS.last().is_some_and(|last| width < *last) && widths.last() != Some(&width) {
        widths.push(width);
    }
    widths
}

/// The size at a new width with the proportions kept, each side at least one pixel and within what WebP can hold.
fn scaled(width: u32, height: u32, new_width: u32) -> (u32, u32) {
    let exact = u64::from(height) * u64::from(new_width) + u64::from(width) / 2;
    let new_height =
        exact.checked_div(u64::from(width)).and_then(|rounded| u32::try_from(rounded).ok()).unwrap_or(MAX_WEBP_SIDE);
    (new_width, new_height.clamp(1, MAX_WEBP_SIDE))
}

/// The upright sRGB image all renditions are made from.
///
/// It is made small first: turning and recolouring 1600 pixels of width costs a fraction of doing it to the original.
fn widest_rendition(decoded: Decoded, width: u32) -> Result<DynamicImage, ImageFault> {
    let (upright_width, upright_height) = decoded.upright_dimensions();
    let (width, height) = scaled(upright_width, upright_height, width);
    let (stored_width, stored_height) = if decoded.lies_on_its_side() { (height, width) } else { (width, height) };
    let Decoded { picture, orientation, profile } = decoded;
    let mut widest = if (stored_width, stored_height) == (picture.width(), picture.height()) {
        picture
    } else {
        resize(&picture, stored_width, stored_height)?
    };
    widest.apply_orientation(orientation);
    let widest = match profile {
        Some(profile) => to_standard_colours(widest, &profile),
        None => widest,
    };
    Ok(settle_transparency(widest))
}

/// Scales with a Lanczos filter; transparent pixels do not bleed their colour into their neighbours.
fn resize(source: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, ImageFault> {
    let (pixel_type, has_alpha) =
        if source.color().has_alpha() { (PixelType::U8x4, true) } else { (PixelType::U8x3, false) };
    let view = ImageRef::new(source.width(), source.height(), source.as_bytes(), pixel_type)
        .map_err(|_| ImageFault::Broken)?;
    let mut target = Image::new(width, height, pixel_type);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(has_alpha);
    Resizer::new().resize(&view, &mut target, &options).map_err(|_| ImageFault::Broken)?;
    from_samples(width, height, target.into_vec(), has_alpha).ok_or(ImageFault::Broken)
}

fn from_samples(width: u32, height: u32, samples: Vec<u8>, has_alpha: bool) -> Option<DynamicImage> {
    if has_alpha {
        RgbaImage::from_raw(width, height, samples).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8)
    }
}

/// Converts colours to sRGB, which is what browsers assume of an image without a profile.
///
/// A profile that is not for RGB (the decoder already turned CMYK and grey into RGB) or cannot be used is ignored:
/// colours a shade off are better than a refused image.
fn to_standard_colours(picture: DynamicImage, profile: &[u8]) -> DynamicImage {
    if profile.len() > MAX_PROFILE_BYTES {
        return picture;
    }
    let Some(source) =
        ColorProfile::new_from_slice(profile).ok().filter(|source| source.color_space == DataColorSpace::Rgb)
    else {
        return picture;
    };
    let has_alpha = picture.color().has_alpha();
    let layout = if has_alpha { Layout::Rgba } else { Layout::Rgb };
    let Ok(transform) =
        source.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, TransformOptions::default())
    else {
        return picture;
    };
    let mut samples = vec![0; picture.as_bytes().len()];
    if transform.transform(picture.as_bytes(), &mut samples).is_err() {
        return picture;
    }
    from_samples(picture.width(), picture.height(), samples, has_alpha).unwrap_or(picture)
}

/// Drops an alpha channel that hides nothing, and the colour under pixels that are hidden completely.
///
/// The first lets opaque PNG and GIF uploads have a small JPEG fallback. The second keeps what an author erased erased.
fn settle_transparency(picture: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else {
        return picture;
    };
    if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8());
    }
    for pixel in pixels.pixels_mut().filter(|pixel| pixel.0[3] == 0) {
        pixel.0 = [0; 4];
    }
    DynamicImage::ImageRgba8(pixels)
}

fn encode_webp(picture: &DynamicImage) -> Result<Rendition, ImageFault> {
    let layout = if picture.color().has_alpha() { PixelLayout::Rgba } else { PixelLayout::Rgb };
    let mut settings = WebPConfig::new().map_err(|()| ImageFault::Broken)?;
    settings.quality = WEBP_QUALITY;
    let encoded = webp::Encoder::new(picture.as_bytes(), layout, picture.width(), picture.height())
        .encode_advanced(&settings)
        .map_err(|_| ImageFault::Broken)?;
    Ok(rendition(picture, MediaType::Webp, encoded.to_vec()))
}

fn encode_fallback(picture: &DynamicImage) -> Result<Rendition, ImageFault> {
    let mut encoded = Vec::new();
    let (media_type, written) = if picture.color().has_alpha() {
        let encoder = PngEncoder::new_with_quality(&mut encoded, CompressionType::Default, PngFilter::Adaptive);
        let written =
            encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), ExtendedColorType::Rgba8);
        (MediaType::Png, written)
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut encoded, JPEG_QUALITY);
        let written =
            encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), ExtendedColorType::Rgb8);
        (MediaType::Jpeg, written)
    };
    written.map_err(|_| ImageFault::Broken)?;
    Ok(rendition(picture, media_type, encoded))
}

fn rendition(picture: &DynamicImage, media_type: MediaType, bytes: Vec<u8>) -> Rendition {
    Rendition { width: picture.width(), height: picture.height(), media_type, extension: media_type.extension(), bytes }
}

/// SHA-256 in 64 lower-case hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
