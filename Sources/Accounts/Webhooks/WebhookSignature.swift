import Crypto
import Encodings
package import HTTPTypes
package import Storage

/// The headers by which a receiver knows that an event is ours, unchanged and recent.
///
/// Two schemes side by side, so that receivers of either understand them: the wire's own, over the body alone; and
/// that of the Standard Webhooks specification, over id, time and body, which a replay does not pass.
package enum WebhookSignature {
    /// - Returns: the request's fields, their names in lower case.
    package static func headers(
        id: String, body: [UInt8], secret: Secret<String>, at time: Timestamp
    ) -> HTTPFields {
        let key = SymmetricKey(data: Array(secret.exposed().utf8))
        let seconds = String(time.millisecondsSinceEpoch / 1000)
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: key)
        let dated = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(seconds).".utf8) + body,
            using: SymmetricKey(data: WebhookSecret.key(of: secret.exposed())))
        return [
            .bodyType: "application/json", .sender: "attache", .bodySignature: "format=sha256,v=\(Hex.text(whole))",
            .webhookID: id, .webhookTime: seconds, .webhookSignature: "v1,\(Base64.text(dated))",
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let bodyType = Self("content-type")!
    fileprivate static let sender = Self("user-agent")!
    fileprivate static let bodySignature = Self("x-truto-signature")!
    fileprivate static let webhookID = Self("webhook-id")!
    fileprivate static let webhookTime = Self("webhook-timestamp")!
    fileprivate static let webhookSignature = Self("webhook-signature")!
}

/// When a delivery that failed is tried again.
package enum WebhookRetry {
    /// One attempt and three more.
    package static let mostAttempts: Int64 = 4

    /// Seconds until the next attempt after `attempts` have failed; nil when there is none.
    ///
    /// 10 s, 1 min, 6 min; each moved by up to a fifth, so that what failed together does not come back together.
    ///
    /// - Parameter chance: 0 to 255, evenly distributed.
    package static func delay(afterAttempts attempts: Int64, chance: UInt8) -> Int64? {
        guard (1..<mostAttempts).contains(attempts) else { return nil }
        let base = (1..<attempts).reduce(Int64(10)) { delay, _ in delay * 6 }
        return base - base / 5 + base * 2 / 5 * Int64(chance) / 255
    }
}
