import JSON

extension Authorization {
    /// One rule, or a map of rules by authentication method. A rule is known by its `format`.
    static func decodeAll(
        _ reader: DefinitionReader?
    ) throws(CatalogError) -> (Authorization?, [String: Authorization]) {
        guard let reader else { return (nil, [:]) }
        if reader.text("format") != nil { return (try Authorization(decoding: reader), [:]) }
        var rules: [String: Authorization] = [:]
        for (method, child) in reader.children where child.value.object != nil {
            rules[method] = try Authorization(decoding: child)
        }
        return (rules.removeValue(forKey: "default"), rules)
    }

    init(decoding reader: DefinitionReader) throws(CatalogError) {
        let config = reader.child("config") ?? reader
        switch reader.text("format") {
        case "bearer":
            guard let token = try config.template("token") else {
                throw reader.fault(["config"], "'token' is missing")
            }
            self = .bearer(token: token)
        case "basic":
            guard let username = try config.template("username") else {
                throw reader.fault(["config"], "'username' is missing")
            }
            self = .basic(username: username, password: try config.template("password") ?? .empty)
        case "query":
            guard let query = try config.tree("query") else { throw reader.fault(["config"], "'query' is missing") }
            self = .query(query)
        default:
            if let expression = config.expression("expression") {
                self = .expression(expression)
            } else if let name = config.text("header_name") {
                self = .headers([HeaderTemplate(name: name, value: try config.template("header_value"))])
            } else {
                self = .headers(try config.headers())
            }
        }
    }
}

extension Template {
    /// The empty text.
    static let empty = Template(constant: "")
}

extension Credential {
    static func decode(_ reader: DefinitionReader?) throws(CatalogError) -> [Credential] {
        guard let reader else { return [] }
        if reader.text("format") != nil {
            return [try Credential(name: reader.text("format") ?? "", decoding: reader)]
        }
        var credentials: [Credential] = []
        for (name, child) in reader.children { credentials.append(try Credential(name: name, decoding: child)) }
        return credentials
    }

    init(name: String, decoding reader: DefinitionReader) throws(CatalogError) {
        self.name = name
        format = reader.word("format") ?? .apiKey
        let config = reader.child("config")
        fields = config?.items("fields").map(Field.init(decoding:)) ?? []
        documentationLink = config?.text("documentation_link")
        oauth2 = nil
        if format != .apiKey, let config { oauth2 = try OAuth2(decoding: config) }
    }
}

extension Credential.Field {
    init(decoding reader: DefinitionReader) {
        name = reader.text("name") ?? ""
        label = reader.text("label") ?? name
        kind = reader.word("type") ?? .text
        required = reader.bool("required") ?? false
        `default` = reader.raw("default")
        placeholder = reader.text("placeholder")
        helpText = reader.text("help_text")
        format = reader.text("format")
        pattern = reader.text("pattern")
        transform = reader.text("transform")
        options = reader.items("options").map { ($0.text("label") ?? "", $0.text("value") ?? "") }
        optionsFrom = reader.child("options_from").flatMap(Credential.OptionList.init(decoding:))
        isSelfService = reader.bool("self_service") ?? false
    }
}

extension Credential.OptionList {
    init?(decoding reader: DefinitionReader) {
        guard let resource = reader.text("resource"), let value = reader.expression("value") else { return nil }
        self.init(
            resource: resource, method: reader.text("method") ?? "list", value: value, label: reader.expression("label")
        )
    }
}

extension Credential.OAuth2 {
    init(decoding reader: DefinitionReader) throws(CatalogError) {
        let client = reader.child("client")
        let auth = reader.child("auth")
        let options = reader.child("options")
        clientID = try client?.template("id")
        clientSecret = try client?.template("secret")
        let tokenHost = auth?.text("tokenHost", "token_host")
        let authorizeHost = auth?.text("authorizeHost", "authorize_host") ?? tokenHost
        let tokenPath = auth?.text("tokenPath", "token_path")
        let url = { (host: String?, path: String?) throws(CatalogError) -> Template? in
            guard let host, let path else { return nil }
            do throws(TemplateError) {
                return try Template(host + path, origin: reader.definition.origin(reader.path + ["auth"]))
            } catch {
                throw reader.fault(["auth"], error.description)
            }
        }
        authorizeURL = try url(authorizeHost, auth?.text("authorizePath", "authorize_path"))
        tokenURL = try url(tokenHost, tokenPath)
        refreshURL = try url(tokenHost, auth?.text("refreshPath", "refresh_path") ?? tokenPath)
        scopes = reader.texts("scope", "scopes")
        scopeSeparator = options?.text("scopeSeparator", "scope_separator") ?? " "
        parameters = try reader.tree("params")
        tokenParameters = try reader.tree("tokenParams", "token_params")
        refreshParameters = try reader.tree("refreshParams", "refresh_params")
        pkce = reader.bool("pkce") ?? true
        issuer = try auth?.template("issuer")
        requiresIssuer = auth?.bool("issuer_required") ?? false
        clientInHeader = options?.text("authorizationMethod", "authorization_method") == "header"
        tokenRequestIsJSON = options?.text("bodyFormat", "body_format") == "json"
        let expiry = reader.raw("tokenExpiryDuration", "token_expiry_duration")
        tokenExpiry = expiry?.int ?? expiry?.string.flatMap { Int($0) }
    }
}
