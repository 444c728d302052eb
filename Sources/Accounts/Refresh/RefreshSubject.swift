import JSON
import Storage

/// What of an account's credentials is kept fresh.
enum RefreshSubject: Sendable, Hashable {
    /// The access token of OAuth 2.0.
    case token
    /// What the stored credentials are exchanged for: a short-lived token, a host.
    case session
}

extension ResolvedAccount {
    /// The open session's members, `expires_at` among them; nil where there is none.
    var session: JSONObject? { context.exposed()["session"]?.object }

    /// Seconds until the access token or the session ends; nil where nothing says when.
    func secondsLeft(of subject: RefreshSubject, at now: Timestamp) -> Int64? {
        switch subject {
        case .token: return secondsLeft(at: now)
        case .session:
            guard let end = session?["expires_at"]?.string.flatMap(Timestamp.init) else { return nil }
            return (end.millisecondsSinceEpoch - now.millisecondsSinceEpoch) / 1000
        }
    }

    /// How many seconds before its end a token or a session is renewed: a fifth of its life beside a call, at most five minutes; a
    /// twentieth before one, at most 30 seconds. Else every call would renew what lives no longer than that.
    func margins(of subject: RefreshSubject) -> (ahead: Int64, atOnce: Int64) {
        let members: JSONObject? =
            switch subject {
            case .token: context.exposed()["oauth"]?["token"]?.object
            case .session: session
            }
        let life = members?["expires_in"]
        let seconds = (life?.double ?? life?.string.flatMap(Double.init)).map { Int64(min(max($0, 0), 1e9)) } ?? 3600
        return (min(300, seconds / 5), min(30, seconds / 20))
    }

    /// A patch of the context that puts a new session in the place of the one there.
    func replacingSession(by members: JSONObject, at now: Timestamp) -> JSONObject {
        var session = members
        if let life = members["expires_in"]?.double ?? members["expires_in"]?.string.flatMap(Double.init), life > 0 {
            let end = now.millisecondsSinceEpoch + Int64(min(life, 1e9) * 1000)
            session["expires_at"] = .string(Timestamp(millisecondsSinceEpoch: end).text)
            session["expires_in"] = .number(JSONNumber(Int(min(life, 1e9))))
        }
        for (name, _) in self.session ?? [:] where session[name] == nil { session[name] = .null }
        return ["session": .object(session)]
    }
}
