//! The image library.

use serde_json::json;

use super::{
    super::schemas::{described, text},
    Operation, media_type,
};

pub fn operations() -> Vec<Operation> {
    let operation = |method, path| Operation::new(method, path, "media");
    let get = |path| operation("get", path);
    vec![
        get("/manage/v1/media")
            .says("Newest first.")
            .query("q", described(text(), "Words in the file name or the suggested alternative text."))
            .query("sha256", described(text(), "The hash of an upload, in hexadecimal: is it here already?"))
            .paged(20, 100)
            .answers("MediaList"),
        operation("post", "/manage/v1/media").repeatable().takes_content(upload(), true).makes("Media"),
        get("/manage/v1/media/{id}").answers_version_of("Media"),
        operation("patch", "/manage/v1/media/{id}")
            .of_seen_version()
            .may_take("MediaChangeInput")
            .answers_version_of("Media"),
        operation("delete", "/manage/v1/media/{id}")
            .says("An image that a publication has ever used is kept.")
            .of_seen_version()
            .answers_nothing()
            .problem(409),
        operation("post", "/manage/v1/media/{id}/replace")
            .says("The old image stays as it is; documents that use it get drafts with the new one.")
            .of_seen_version()
            .repeatable()
            .takes_content(upload(), true)
            .makes("ReplacedMedia")
            .problem(409),
        get("/manage/v1/media/{id}/used-by").answers("UseList"),
        get("/manage/v1/media/{id}/files/{key}")
            .path_parameter("key", described(text(), "The key of a rendition."))
            .answers_content(
                200,
                "The file.",
                &["Cache-Control"],
                json!({ "image/webp": {}, "image/jpeg": {}, "image/png": {}, "image/gif": {} }),
            ),
    ]
}

fn upload() -> serde_json::Value {
    json!({ "multipart/form-data": media_type("MediaUpload") })
}
