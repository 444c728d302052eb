import Catalog
import HTTPTypes
import JSON

/// `debug` of the debug format: what was sent and what came back, without a credential in any form.
struct DebugView {
    private let secrets: SecretMask

    /// - Parameter secrets: the texts of the account's secrets. What the request was authorized with is masked too, in
    ///   whatever way it was made of them.
    init(secrets: [String], _ request: OutgoingRequest) {
        let sent = request.authorization.map(\.value) + request.secretQuery.map(\.value)
        // `Bearer TOKEN`: the token alone as well.
        let bare = sent.compactMap { $0.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) }
        self.secrets = SecretMask(secrets + sent + bare)
    }

    func json(_ request: OutgoingRequest, _ response: ProviderResponse) -> JSONValue {
        let sent =
            request.headers.map { (key: $0.name.rawName, value: shown($0)) }
            + request.authorization.map { (key: $0.name.rawName, value: .string(SecretMask.mask)) }
        // In lower case, as mappings read them.
        let received = response.headers.map { (key: $0.name.canonicalName, value: shown($0)) }
        return [
            "requestUrl": .string(secrets.masked(request.visibleTarget)),
            "requestOptions": [
                "method": .string(request.method), "headers": .object(JSONObject(sent)),
                "body": secrets.masked(request.mappedBody ?? .null),
            ],
            "data": secrets.masked(response.json ?? response.text.map(JSONValue.string) ?? .null),
            "responseHeaders": .object(JSONObject(received)),
        ]
    }

    private func shown(_ field: HTTPField) -> JSONValue {
        .string(Self.credentialFields.contains(field.name.canonicalName) ? SecretMask.mask : secrets.masked(field.value))
    }

    /// Fields that are credentials by their name, the provider's own among them.
    private static let credentialFields: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey", "x-auth-token",
        "x-access-token", "x-csrf-token", "x-amz-security-token", "www-authenticate",
    ]
}
