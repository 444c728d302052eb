import Crypto
import Encodings
import FoundationEssentials

/// What binds a browser to a link: a cookie that holds the link token and a random part.
///
/// The token is in an address only once, when the person follows the link; the cookie takes its place.
struct ConnectSession: Sendable {
    static let lifetimeSeconds = 3600
    private static let prefix = "attache_connect_"

    /// The link's id, which is no secret: addresses hold it.
    let linkID: String
    let token: String
    private let random: String

    /// A session of a browser that comes with a token.
    init(linkID: String, token: String) {
        self.linkID = linkID
        self.token = token
        random = RandomText.make()
    }

    /// The session of a link in a `Cookie` header; nil where there is none.
    init?(linkID: String, cookies: String?) {
        guard let found = Self.all(in: cookies).first(where: { $0.name == Self.name(linkID) }) else { return nil }
        self.init(linkID: linkID, value: found.value)
    }

    private init?(linkID: String, value: String) {
        let parts = value.split(separator: ".").map(String.init)
        guard parts.count == 2 else { return nil }
        self.linkID = linkID
        token = parts[0]
        random = parts[1]
    }

    /// All sessions that a browser has, at most eight: it may have several links open.
    static func each(in cookies: String?) -> [ConnectSession] {
        all(in: cookies).prefix(8).compactMap { ConnectSession(linkID: String($0.name.dropFirst(prefix.count)), value: $0.value) }
    }

    /// Names this session and is in all its forms: another site's page cannot know it.
    var id: String { Base64URL.text(SHA256.hash(data: Data("\(token).\(random)".utf8))) }

    /// Whether a form holds this session's id; in a time that tells nothing about it.
    func isNamed(by text: String?) -> Bool {
        guard let text else { return false }
        return SHA256.hash(data: Data(text.utf8)) == SHA256.hash(data: Data(id.utf8))
    }

    /// `Lax`, so that it comes along when the vendor sends the browser back, and never with another site's form.
    func cookie(isSecure: Bool) -> String {
        Self.cookie(linkID, "\(token).\(random)", seconds: Self.lifetimeSeconds, isSecure)
    }

    /// Takes a session's cookie back.
    static func ended(_ linkID: String, isSecure: Bool) -> String { cookie(linkID, "", seconds: 0, isSecure) }

    private static func cookie(_ linkID: String, _ value: String, seconds: Int, _ isSecure: Bool) -> String {
        "\(name(linkID))=\(value); Path=/connect; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    private static func name(_ linkID: String) -> String { prefix + linkID }

    private static func all(in cookies: String?) -> [(name: String, value: String)] {
        (cookies ?? "").split(separator: ";").compactMap { pair in
            let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, halves[0].hasPrefix(prefix) else { return nil }
            return (String(halves[0]), String(halves[1]))
        }
    }
}

/// Unpredictable text of letters, digits, `-` and `_`.
enum RandomText {
    /// 256 bits of it.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
