import Accounts
import Encodings
import JSON
import Multipart
import Unified

/// How connecting ended, as the program that sent the person is told.
struct ConnectResult: Sendable, Hashable {
    var accountID: String?
    var integration: String?
    /// Nil for a success.
    var errorType: ConnectFailure.Kind?

    private var members: [(name: String, value: String)] {
        var members = [("result", errorType == nil ? "success" : "error")]
        if let accountID { members.append(("integrated_account_id", accountID)) }
        if let integration { members.append(("integration", integration)) }
        if let errorType { members.append(("error_type", errorType.rawValue)) }
        return members
    }

    /// The message for `window.opener`.
    var message: JSONValue {
        .object(JSONObject(([("source", "attache")] + members).map { (key: $0.0, value: .string($0.1)) }))
    }

    /// The address that the link names, with the result behind its own query and before its fragment.
    func address(_ redirectURI: String) -> String {
        let query = URLEncodedForm.text(members)
        let parts = redirectURI.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let mark = !parts[0].contains("?") ? "?" : parts[0].hasSuffix("?") || parts[0].hasSuffix("&") ? "" : "&"
        return parts[0] + mark + query + (parts.count > 1 ? "#" + parts[1] : "")
    }
}
