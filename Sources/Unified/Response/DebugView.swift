import Catalog
import JSON

/// `debug` of the debug format: what was sent and what came back, without a credential in any form.
struct DebugView {
    private let secrets: SecretMask

    /// - Parameter secrets: the texts of the account's secrets. What the request was authorized with is masked too, in
    ///   whatever way it was made of them.
    init(secrets: [String], _ request: OutgoingRequest) {
        let sent = (request.authorization + request.secretQuery).map(\.value)
        // `Bearer TOKEN`: the token alone as well.
        let bare = sent.compactMap { $0.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) }
        self.secrets = SecretMask(secrets + sent + bare)
    }

    func json(_ request: OutgoingRequest, _ response: ProviderResponse) -> JSONValue {
        let authorization = request.authorization.map { (name: $0.name, value: SecretMask.mask) }
        return [
            "requestUrl": .string(secrets.masked(request.visibleTarget)),
            "requestOptions": [
                "method": .string(request.method), "headers": fields(request.headers, adding: authorization),
                "body": secrets.masked(request.mappedBody ?? .null),
            ],
            "data": secrets.masked(response.json ?? response.text.map(JSONValue.string) ?? .null),
            "responseHeaders": fields(response.headers),
        ]
    }

    private func fields(
        _ list: [(name: String, value: String)], adding more: [(name: String, value: String)] = []
    ) -> JSONValue {
        let masked = list.map { field in
            let isCredential = Self.credentialFields.contains(field.name.lowercased())
            return (key: field.name, value: JSONValue.string(isCredential ? SecretMask.mask : secrets.masked(field.value)))
        }
        return .object(JSONObject(masked + more.map { (key: $0.name, value: .string($0.value)) }))
    }

    /// Fields that are credentials by their name, the provider's own among them.
    private static let credentialFields: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey", "x-auth-token",
        "x-access-token", "x-csrf-token", "x-amz-security-token", "www-authenticate",
    ]
}
