import JSON

/// What to connect with: one of `accounts`, or `read_only` or `wrong`.
struct AccountSpec: Sendable {
    struct Token: Sendable {
        var client: String
        var scopes: [String]
    }

    var method: String
    var context: [(name: String, template: TextTemplate)]
    var rawContext: JSONObject
    var token: Token?
    var override: JSONValue?

    init(_ method: String, _ reader: KeyReader) {
        self.method = method
        context = reader.templates("context")
        rawContext = reader.value["context"]?.object ?? [:]
        if let inner = reader.inner("token") {
            token = Token(client: inner.text("client", required: true) ?? "", scopes: inner.texts("scopes") ?? [])
            inner.finish()
        }
        override = reader.member("override")
        reader.finish()
    }
}
