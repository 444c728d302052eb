import JSON
import Storage

/// What the house does to `context.oauth.token`, wherever it comes from.
enum OAuthToken {
    /// A patch of a context in which a new token says when it ends: `expires_in` alone says nothing later on.
    ///
    /// A token that does not say how long it lives takes the end of the one before it away. An end that is given stays.
    static func stamped(_ patch: JSONObject, at now: Timestamp) -> JSONObject {
        guard let token = patch["oauth"]?["token"]?.object, token["expires_at"] == nil,
            token["expires_in"] != nil || token["access_token"] != nil
        else { return patch }
        let end = seconds(token["expires_in"]).map { JSONValue.string(now.adding(seconds: $0).text) }
        var patch = patch
        patch[["oauth", "token", "expires_at"][...]] = .some(end ?? .null)
        return patch
    }

    /// Some providers send the number as a string. Nil for what is no sensible life time.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        guard let number = value?.double ?? value?.string.flatMap(Double.init), (0...1e10).contains(number) else {
            return nil
        }
        return Int64(number)
    }
}
