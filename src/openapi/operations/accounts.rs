//! People and keys.

use super::Operation;

pub fn operations() -> Vec<Operation> {
    let operation = |method, path| Operation::new(method, path, "accounts");
    let get = |path| operation("get", path);
    vec![
        get("/manage/v1/me").answers("Me"),
        get("/manage/v1/users").says("Everybody, by name.").answers("UserList"),
        operation("post", "/manage/v1/users")
            .says("Without a password the person can't sign in until one is set.")
            .repeatable()
            .takes("UserInput")
            .makes("User"),
        get("/manage/v1/users/{id}").answers_version_of("User"),
        operation("patch", "/manage/v1/users/{id}")
            .says("Nobody is deleted; who leaves is made inactive, which ends what their keys may do.")
            .of_seen_version()
            .may_take("UserChangeInput")
            .answers_version_of("User")
            .problem(409),
        operation("post", "/manage/v1/users/{id}/password")
            .of_seen_version()
            .repeatable()
            .takes("PasswordInput")
            .answers_nothing(),
        get("/manage/v1/api-keys")
            .says("All of them with the permission `keys:manage`, newest first.")
            .answers("ApiKeyList"),
        operation("post", "/manage/v1/api-keys")
            .says("With the permission `keys:manage`.")
            .repeatable()
            .takes("ApiKeyInput")
            .makes("NewApiKey"),
        get("/manage/v1/api-keys/{id}").answers_version_of("ApiKey"),
        operation("post", "/manage/v1/api-keys/{id}/revoke")
            .says("At once and for good. The ETag stays as it is when the key is used.")
            .of_seen_version()
            .repeatable()
            .may_take("NoStepInput")
            .answers_version_of("ApiKey"),
    ]
}
