import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// The authorization server's endpoints. The real ones are on a host of their own.
///
/// - `GET authorize`: `client_id`, `redirect_uri`, `response_type=code`, `audience`, and as they are wanted `scope`,
///   `state`, `code_challenge` with `code_challenge_method=S256`, `prompt`. Consents by itself, and sends the browser
///   to `redirect_uri` with `code`, `state` and `iss`; with the setting `auto_approve` off it shows a page that asks.
/// - `POST authorize`: that page's `decision`, `allow` or `deny`.
/// - `POST oauth/token`: a form, or JSON as Auth0 takes it.
extension Lever {
    func addOAuth(to router: Router<SandboxContext>) {
        router.get("authorize") { request, context in authorize(request, context, decision: nil) }
        router.post("authorize") { request, context in
            let form = try await form(request, context)
            guard let decision = form["decision"].flatMap(LeverOAuth.Decision.init(rawValue:)) else {
                return Self.refusal(.request("decision is allow or deny"))
            }
            return authorize(request, context, decision: decision)
        }
        router.post("oauth/token") { request, context in
            do {
                let form = try await form(request, context)
                let issued = try oauth.token(form, authorization: request.headers[.authorization])
                var json: JSONObject = ["access_token": .string(issued.access)]
                if let refresh = issued.refresh { json["refresh_token"] = .string(refresh) }
                json["scope"] = .string(issued.scopes.joined(separator: " "))
                json["expires_in"] = .integer(oauth.accessTokenLifetime)
                json["token_type"] = "Bearer"
                return Response.json(.object(json), headers: [.cacheControl: "no-store"])
            } catch let fault as OAuthFault {
                return Self.refusal(fault)
            }
        }
    }

    private func authorize(
        _ request: Request, _ context: SandboxContext, decision: LeverOAuth.Decision?
    ) -> Response {
        do throws(OAuthFault) {
            // Auth0's issuers end with a slash.
            let issuer = "http://\(request.head.authority ?? "localhost")/"
            switch try oauth.authorize(context.exchange.query, decision: decision, issuer: issuer) {
            case .redirect(let address): return Response(status: .found, headers: [.location: address])
            case .ask(let client, let scopes):
                let page = LeverConsentPage.html(client: client, scopes: scopes, query: request.uri.query ?? "")
                return Response(
                    status: .ok, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: page))
                )
            }
        } catch {
            return Self.refusal(error)
        }
    }

    private func form(_ request: Request, _ context: SandboxContext) async throws -> FormEncoding {
        for try await _ in request.body {}
        guard context.exchange.isComplete else { throw LeverError.invalid("The request ended before its body did") }
        switch HeaderValue(request.headers[.contentType] ?? "").value.lowercased() {
        case "application/x-www-form-urlencoded":
            return FormEncoding(String(decoding: context.exchange.text, as: UTF8.self))
        case "application/json":
            guard let json = try? JSONValue.parse(context.exchange.text).object else {
                throw OAuthFault.request("The body is no JSON object")
            }
            return FormEncoding(json)
        default: throw OAuthFault.request("The body must be application/x-www-form-urlencoded")
        }
    }

    private static func refusal(_ fault: OAuthFault) -> Response {
        .json(fault.json, status: .init(code: fault.status), headers: [.cacheControl: "no-store"])
    }
}
