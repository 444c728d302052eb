/// How accounts are connected and how their calls are signed.
extension CatalogShapes {
    static let authorization = Shape.object([
        Shape.field("format", shape: .word(["bearer", "header", "basic", "query"]), required: true),
        Shape.field(
            "config",
            shape: .object([
                Shape.field("token", shape: .template),
                Shape.field("username", shape: .template),
                Shape.field("password", shape: .template),
                Shape.field("header_name", shape: .text),
                Shape.field("header_value", shape: .template),
                Shape.field("headers", shape: headers),
                Shape.field("expression", shape: .expression),
                Shape.field("query", shape: .templateTree),
            ])
        ),
    ])

    /// One rule for all accounts, or one per authentication method.
    static let authorizations = Shape.oneOrNamed(authorization, key: "format")

    /// One way of connecting, or one per authentication method.
    static let credentials = Shape.oneOrNamed(credential, key: "format")

    static let credential = Shape.object([
        Shape.field("format", shape: .word(Credential.Format.allCases.map(\.rawValue)), required: true),
        Shape.field(
            "config",
            shape: .object([
                Shape.field("fields", shape: .list(credentialField)),
                Shape.field(
                    "client",
                    shape: .object([
                        Shape.field("id", shape: .template), Shape.field("secret", shape: .template),
                    ])),
                Shape.field(
                    "auth",
                    shape: .object([
                        Shape.field("tokenHost", "token_host", shape: .template),
                        Shape.field("tokenPath", "token_path", shape: .template),
                        Shape.field("authorizeHost", "authorize_host", shape: .template),
                        Shape.field("authorizePath", "authorize_path", shape: .template),
                        Shape.field("refreshPath", "refresh_path", shape: .template),
                        Shape.field("issuer", shape: .template),
                        Shape.field("issuer_required", shape: .bool),
                    ])),
                Shape.field(
                    "options",
                    shape: .object([
                        Shape.field("scopeSeparator", "scope_separator", shape: .text),
                        Shape.field("authorizationMethod", "authorization_method", shape: .word(["header", "body"])),
                        Shape.field("bodyFormat", "body_format", shape: .word(["form", "json"])),
                    ])),
                Shape.field("scope", "scopes", shape: .list(.text)),
                Shape.field("documentation_link", shape: .text),
                Shape.field("params", shape: .templateTree),
                Shape.field("tokenParams", "token_params", shape: .templateTree),
                Shape.field("refreshParams", "refresh_params", shape: .templateTree),
                Shape.field("tokenExpiryDuration", "token_expiry_duration", shape: .either([.text, positive])),
                Shape.field("pkce", shape: .bool),
            ])
        ),
    ])

    static let credentialField = Shape.object([
        Shape.field("name", shape: .text, required: true),
        Shape.field("label", shape: .text),
        Shape.field("type", shape: .word(Credential.Field.Kind.allCases.map(\.rawValue))),
        Shape.field("required", shape: .bool),
        Shape.field("default", shape: .any),
        Shape.field("format", shape: .word(["email", "number", "uuid", "url", "regex"])),
        Shape.field("pattern", shape: .text),
        Shape.field("transform", shape: .word(["lowercase", "uppercase", "sha256"])),
        Shape.field("placeholder", shape: .text),
        Shape.field("help_text", shape: .text),
        Shape.field(
            "options",
            shape: .list(
                .object([
                    Shape.field("label", shape: .text, required: true), Shape.field("value", shape: .text, required: true),
                ]))),
        Shape.field(
            "options_from",
            shape: .object([
                Shape.field("resource", shape: .text, required: true),
                Shape.field("method", shape: .text),
                Shape.field("value", shape: .expression, required: true),
                Shape.field("label", shape: .expression),
            ])),
        Shape.field("self_service", shape: .bool),
    ])
}
