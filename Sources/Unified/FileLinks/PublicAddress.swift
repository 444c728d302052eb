import Synchronization

/// Where the outside reaches this gateway, without a slash at its end; nil where nobody has said.
///
/// Set once: at the start from `public_url`, or, in a gateway for trying out, when its port is known.
package final class PublicAddress: Sendable {
    private let address: Mutex<String?>

    package init(_ url: String? = nil) { address = Mutex(url) }

    package var url: String? { address.withLock { $0 } }

    package func set(_ url: String) { address.withLock { $0 = url } }
}

extension APIError {
    static let publicURLMissing = APIError(
        .publicURLMissing, "This provider fetches files by itself, and the gateway does not know its own public address",
        hint: "The operator has to set public_url (ATTACHE_PUBLIC_URL, --public-url)")
}
