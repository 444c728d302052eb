/// The page that asks the person, where the sandbox does not consent by itself.
enum ConsentPage {
    /// - Parameter target: path and query of the authorization request, as it came; the decision is posted there.
    static func html(label: String, client: String, scopes: [String], target: String) -> String {
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>\(escaped(label)), pretended</title>
        <h1>May \(escaped(client)) use your \(escaped(label)) account?</h1>
        <ul>\(scopes.map { "<li>\(escaped($0))</li>" }.joined())</ul>
        <form method="post" action="\(escaped(target))">
        <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
        </form></html>

        """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
