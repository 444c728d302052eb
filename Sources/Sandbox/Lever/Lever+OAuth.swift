import HTTPTypes
import Hummingbird
import JSON

/// The authorization server's two endpoints. The real ones are on a host of their own.
extension Lever {
    func addOAuth(to router: Router<SandboxContext>) {
        router.get("authorize") { _, context in
            do {
                return Response(status: .found, headers: [.location: try oauth.authorize(context.exchange.query)])
            } catch let fault as OAuthFault {
                return Self.refusal(fault)
            }
        }
        router.post("oauth/token") { request, context in
            for try await _ in request.body {}
            guard context.exchange.isComplete else { throw LeverError.invalid("The request ended before its body did") }
            let type = HeaderValue(request.headers[.contentType] ?? "").value.lowercased()
            do {
                guard type == "application/x-www-form-urlencoded" else {
                    throw OAuthFault.request("The body must be application/x-www-form-urlencoded")
                }
                let issued = try oauth.token(FormEncoding(String(decoding: context.exchange.text, as: UTF8.self)))
                var json: JSONObject = ["access_token": .string(issued.access)]
                if let refresh = issued.refresh { json["refresh_token"] = .string(refresh) }
                json["scope"] = .string(issued.scopes.joined(separator: " "))
                json["expires_in"] = .integer(options.accessTokenLifetime)
                json["token_type"] = "Bearer"
                return Response.json(.object(json), headers: [.cacheControl: "no-store"])
            } catch let fault as OAuthFault {
                return Self.refusal(fault)
            }
        }
    }

    private static func refusal(_ fault: OAuthFault) -> Response {
        .json(fault.json, status: .init(code: fault.status), headers: [.cacheControl: "no-store"])
    }
}
