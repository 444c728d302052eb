/// The names of events that a webhook may ask for.
enum EventTypes {
    /// What this gateway sends.
    static let sent = AccountEvent.Kind.allCases.map(\.rawValue)

    /// Subjects that clients of the same wire ask for beside ours. They are taken, and nothing is sent for them.
    private static let others = ["sync_job_run", "environment_integration", "api_token", "record"]

    /// Why a name is refused; nil for one that means something: an event, `SUBJECT:*`, `all` or `test`.
    static func refusal(of type: String) -> String? {
        if ["all", "test", "integrated_account:*", "integrated_account:post_connect_form_submitted"].contains(type)
            || sent.contains(type)
        {
            return nil
        }
        let halves = type.split(separator: ":", omittingEmptySubsequences: false)
        if halves.count == 2, others.contains(String(halves[0])), isName(halves[1]), type.utf8.count <= 100 { return nil }
        return "\"\(type)\" is no event type; there are all, integrated_account:*, \(sent.joined(separator: ", "))"
    }

    private static func isName(_ text: Substring) -> Bool {
        text == "*"
            || !text.isEmpty
                && text.utf8.allSatisfy {
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
                }
    }
}
