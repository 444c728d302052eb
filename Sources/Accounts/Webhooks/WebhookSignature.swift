import Crypto
package import Storage

/// The headers by which a receiver knows that an event is ours, unchanged and recent.
///
/// Two schemes side by side, so that receivers of either understand them: the wire's own, over the body alone; and
/// that of the Standard Webhooks specification, over id, time and body, which a replay does not pass.
package enum WebhookSignature {
    /// - Returns: header names in lower case with their values.
    package static func headers(
        id: String, body: [UInt8], secret: Secret<String>, at time: Timestamp
    ) -> [(name: String, value: String)] {
        let key = SymmetricKey(data: Array(secret.exposed().utf8))
        let seconds = String(time.millisecondsSinceEpoch / 1000)
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: key)
        let dated = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(seconds).".utf8) + body,
            using: SymmetricKey(data: WebhookSecret.key(of: secret.exposed())))
        return [
            ("content-type", "application/json"), ("user-agent", "attache"),
            ("x-truto-signature", "format=sha256,v=\(Hex.text(whole))"), ("webhook-id", id),
            ("webhook-timestamp", seconds), ("webhook-signature", "v1,\(Base64.text(dated))"),
        ]
    }
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
