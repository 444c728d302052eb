import JSON
import Storage

/// What the house does to `context.oauth.token`, wherever it comes from.
enum OAuthToken {
    /// The context with `expires_at` made of `expires_in`, which alone says nothing later on. One that is there stays.
    static func stamped(_ context: JSONObject, at now: Timestamp) -> JSONObject {
        guard let token = context["oauth"]?["token"]?.object, token["expires_at"] == nil,
            let seconds = seconds(token["expires_in"])
        else { return context }
        var context = context
        context[["oauth", "token", "expires_at"][...]] = .string(now.adding(seconds: seconds).text)
        return context
    }

    /// Some providers send the number as a string. Nil for what is no sensible life time.
    private static func seconds(_ value: JSONValue?) -> Int64? {
        guard let number = value?.double ?? value?.string.flatMap(Double.init), (0...1e10).contains(number) else {
            return nil
        }
        return Int64(number)
    }
}
