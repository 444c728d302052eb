import Catalog
import JSON

/// What a failed call keeps for support: what a provider was sent and how it refused, without a credential in any form.
enum FailedExchange {
    /// Bytes of one part; of a longer one the beginning is kept, as text.
    static let longestPart = 16 << 10

    /// - Parameter secrets: the texts of the account's secrets.
    static func json(_ request: OutgoingRequest, _ response: ProviderResponse, secrets: [String]) -> JSONObject {
        let view = DebugView(secrets: secrets, request).json(request, response)
        let sent = view["requestOptions"]
        return [
            "request": [
                "method": .string(request.method), "url": bounded(view["requestUrl"]), "headers": bounded(sent?["headers"]),
                "body": bounded(sent?["body"]),
            ],
            "response": [
                "status": .number(JSONNumber(response.status)), "headers": bounded(view["responseHeaders"]),
                "body": bounded(view["data"]),
            ],
        ]
    }

    /// Cut behind the masking, so that no part of a secret is left.
    static func bounded(_ value: JSONValue?) -> JSONValue {
        guard let value else { return .null }
        let text = value.string ?? value.text()
        guard text.utf8.count > longestPart else { return value }
        return .string(String(decoding: text.utf8.prefix(longestPart), as: UTF8.self) + "…")
    }
}
