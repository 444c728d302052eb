/// The page that asks the person, where the sandbox does not consent by itself.
enum LeverConsentPage {
    /// - Parameter query: of the authorization request, as it came; the answer is posted to the same address.
    static func html(client: String, scopes: [String], query: String) -> String {
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Pretend Lever</title>
        <h1>May \(escaped(client)) use your Lever account?</h1>
        <ul>\(scopes.map { "<li>\(escaped($0))</li>" }.joined())</ul>
        <form method="post" action="/authorize?\(escaped(query))">
        <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
        </form></html>

        """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
