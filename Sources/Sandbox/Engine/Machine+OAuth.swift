import HTTPTypes
import JSON

/// The authorization server's endpoints.
///
/// - `GET` of `oauth.authorize`: consents by itself and sends the browser back with `code`, `state` and `iss`; with the
///   setting `auto_approve` off it shows a page that asks. `POST`: that page's `decision`, `allow` or `deny`.
/// - `POST` of `oauth.token`: a form, or JSON where the file says so.
extension Machine {
    /// Whether the request is for one of them.
    func isOAuth(_ call: Call) -> Bool {
        guard let spec = plan.oauth else { return false }
        let method = call.exchange.head.method
        return (call.exchange.path == spec.authorize && (method == .get || method == .post))
            || (call.exchange.path == spec.token && method == .post)
    }

    /// The body has come.
    func respondOAuth(_ call: Call) throws -> Reply {
        guard let spec = plan.oauth else { throw Ending.failure("no_route", [:]) }
        self.call = call
        do {
            return call.exchange.path == spec.token ? try tokenReply(call, spec) : try authorizationReply(call, spec)
        } catch let fault as OAuthFault {
            return refusal(fault)
        }
    }

    private func refusal(_ fault: OAuthFault) -> Reply {
        Reply(status: fault.status, headers: [("Cache-Control", "no-store")], content: .value(fault.json, .json))
    }

    private func authorizationReply(_ call: Call, _ spec: OAuthSpec) throws -> Reply {
        var decision: OAuthServer.Decision?
        if call.exchange.head.method == .post {
            decision = try form(call, ["form"])["decision"].flatMap(OAuthServer.Decision.init)
            if decision == nil { throw OAuthFault.request("decision is allow or deny") }
        }
        let issuer = try spec.issuer.map { try render($0) }
        switch try oauth.authorize(call.exchange.query, decision: decision, issuer: issuer, now: core.clock.now) {
        case .redirect(let address): return Reply(status: 302, headers: [("Location", address)])
        case .ask(let client, let scopes):
            let page = ConsentPage.html(
                label: plan.label, client: client, scopes: scopes, target: call.exchange.head.path ?? "/")
            return Reply(status: 200, headers: [("Cache-Control", "no-store")], content: .text(page, .html))
        }
    }

    private func tokenReply(_ call: Call, _ spec: OAuthSpec) throws -> Reply {
        let form = try form(call, spec.formats)
        let client = try oauth.client(form, call.header("authorization"))
        var issued = try oauth.token(form, client, now: core.clock.now)
        if issued == nil, let grant = spec.grants.first(where: { $0.name == form["grant_type"] }) {
            issued = try own(grant.script, form, client)
        }
        guard let issued else { throw OAuthFault.grantType }
        let scope = issued.scopes.joined(separator: " ")
        let values: [String: JSONValue] = [
            "access": .string(issued.access), "refresh": .text(issued.refresh), "scope": .string(scope),
            "expires_in": .integer(oauth.accessTokenLifetime), "client": .string(issued.client),
        ]
        var body: JSONValue?
        if let script = spec.response {
            body = try evaluate(script, nil, values)
        } else {
            var json: JSONObject = ["access_token": .string(issued.access)]
            if let refresh = issued.refresh { json["refresh_token"] = .string(refresh) }
            json["scope"] = .string(scope)
            json["expires_in"] = .integer(oauth.accessTokenLifetime)
            json["token_type"] = "Bearer"
            body = .object(json)
        }
        return Reply(status: 200, headers: [("Cache-Control", "no-store")], content: .value(body ?? .null, .json))
    }

    /// A grant of the file's own.
    private func own(_ script: Script, _ form: FormEncoding, _ client: OAuthSpec.Client) throws -> OAuthTokens.Issued {
        let result: JSONValue?
        do {
            result = try evaluate(script, nil, ["form": form.json, "client": .string(client.id)])
        } catch Ending.failure(_, let args) {
            throw OAuthFault.grant(args["reason"]?.string ?? "The grant is not good")
        }
        guard let result, !result.isNull else { throw OAuthFault.grant("The grant is not good") }
        let scopes = result["scopes"]?.array?.compactMap(\.string) ?? OAuthServer.scopes(form["scope"])
        return oauth.issue(client: result["client"]?.string ?? client.id, scopes: scopes, now: core.clock.now)
    }

    private func form(_ call: Call, _ formats: Set<String>) throws -> FormEncoding {
        switch HeaderValue(call.header("content-type") ?? "").value.lowercased() {
        case "application/x-www-form-urlencoded" where formats.contains("form"):
            return FormEncoding(String(decoding: call.exchange.text, as: UTF8.self))
        case "application/json" where formats.contains("json"):
            guard let json = try? JSONValue.parse(call.exchange.text).object else {
                throw OAuthFault.request("The body is no JSON object")
            }
            return FormEncoding(json)
        case "" where formats.contains("query"), "application/x-www-form-urlencoded" where formats.contains("query"):
            return call.exchange.query
        default: throw OAuthFault.request("The body must be application/x-www-form-urlencoded")
        }
    }
}
