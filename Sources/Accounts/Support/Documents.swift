import JSON
import Storage

/// JSON documents as the store keeps them.
enum Document {
    static func text(_ object: JSONObject) -> String { JSONValue.object(object).text() }
    static func text(_ value: JSONValue?) -> String? { value.flatMap { $0.isNull ? nil : $0.text() } }

    static func object(_ text: String, _ what: String) throws(AccountsError) -> JSONObject {
        guard let object = try value(text, what)?.object else { throw damaged(what) }
        return object
    }

    static func value(_ text: String?, _ what: String) throws(AccountsError) -> JSONValue? {
        guard let text else { return nil }
        do { return try JSONValue.parse(text) } catch { throw damaged(what) }
    }

    private static func damaged(_ what: String) -> AccountsError {
        .storage(.corrupt("the stored \(what) is not the JSON this program writes"))
    }
}
