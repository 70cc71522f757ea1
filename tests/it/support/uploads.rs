//! Images, and forms to send them with.

use std::io::Cursor;

use axum::http::Method;
use image::{ImageFormat, Rgb, RgbImage};

use super::{Answer, Client};

/// A PNG of one colour with a line through it.
pub fn picture(width: u32, height: u32, colour: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| if x == y { Rgb([0; 3]) } else { Rgb([colour, 100, 200]) });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Client {
    /// Sends a file and what is said about it, as the form of a browser.
    pub async fn send_file(&self, path: &str, filename: &str, file: &[u8], fields: &[(&str, &str)]) -> Answer {
        self.send_form(path, None, filename, file, fields).await
    }

    /// Sends a file that is to take the place of an image that was seen, named by its ETag.
    pub async fn send_replacement(&self, image: &str, etag: &str, file: &[u8], fields: &[(&str, &str)]) -> Answer {
        self.send_form(&format!("{image}/replace"), Some(etag), "new.png", file, fields).await
    }

    async fn send_form(
        &self,
        path: &str,
        etag: Option<&str>,
        filename: &str,
        file: &[u8],
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n");
        body.extend(head.bytes());
        body.extend(b"Content-Type: image/png\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--b--\r\n");
        let mut headers = vec![("content-type", "multipart/form-data; boundary=b")];
        headers.extend(etag.map(|etag| ("if-match", etag)));
        self.send(Method::POST, path, &headers, body).await
    }
}
