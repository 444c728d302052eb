import HTTPTypes
import Upstream

/// The header fields that every response carries (docs/wire.md#budgets-and-shares).
enum ResponseFields {
    /// Adds what is not there: an id, no guessing of types, and no storing unless the response says that it may be.
    static func complete(_ fields: inout HTTPFields, requestID: String) {
        fields.set(HTTPField(name: .requestID, value: requestID))
        fields.set(noSniff)
        if !fields.contains(.cacheControl) { fields.append(noStore) }
    }

    private static let noSniff = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")

    /// Bytes of a provider come from the gateway's own origin: shown as a page they must not act as one of its pages.
    static let providerPolicy = "sandbox"
}
