import Crypto
import Encodings
import HTTPTypes
import NIOCore

/// A page that stays as it is while the gateway runs, with the tag by which clients that know it are spared its bytes.
struct StaticPage: Sendable {
    let type: String
    /// A strong entity tag (RFC 9110 §8.8.3).
    let tag: String
    private let body: ByteBuffer

    init(type: String, body: [UInt8]) {
        self.type = type
        self.body = ByteBuffer(bytes: body)
        tag = "\"\(Hex.text(SHA256.hash(data: body).prefix(12)))\""
    }

    static func html(_ text: String) -> StaticPage {
        StaticPage(type: "text/html; charset=utf-8", body: Array(text.utf8))
    }

    /// The page, or 304 for a client that has it (RFC 9110 §13.1.2).
    func reply(ifNoneMatch known: String?) -> Reply {
        var reply = Reply(status: isKnown(known) ? .notModified : .ok)
        reply.headers[.eTag] = tag
        // A new version of the gateway shows within minutes.
        reply.headers[.cacheControl] = "public, max-age=300"
        guard reply.status == .ok else { return reply }
        reply.body = body
        reply.headers[.contentType] = type
        reply.headers[.contentSecurityPolicy] = Self.policy
        return reply
    }

    private func isKnown(_ known: String?) -> Bool {
        guard let known else { return false }
        return known.split(separator: ",").contains { part in
            let part = part.drop { $0 == " " }
            return part == "*" || (part.hasPrefix("W/") ? part.dropFirst(2) : part).prefix { $0 != " " } == tag
        }
    }

    /// Nothing but our own style sheet: no script, no frame, no form, nothing from elsewhere.
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
