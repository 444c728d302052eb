import JSON
import JSONata

/// A provider's answer while it is mapped: its body is parsed once, expressions work on it where it lies, and what is
/// only passed on is copied as text.
struct ResponsePage {
    let workspace: Workspace
    /// The body: JSON, or text as one string; null where it is empty.
    let body: Workspace.Document

    /// - Throws: `tooExpensive` for a body that the call's budget has no room for.
    init(_ answer: ProviderAnswer) throws(CatalogError) {
        let budget = MappingBudget.current
        let workspace = Workspace(budget: budget)
        self.workspace = workspace
        let parsed = answer.document.flatMap { text in try? workspace.parse(text.bytes) }
        do { try budget?.charge() } catch { throw CatalogError(error, at: "the provider's response") }
        body = parsed ?? workspace.document(answer.text.map { .string($0) } ?? .null)
    }

    /// What `expression` gives on `input`.
    ///
    /// - Parameter variables: by name, without the `$`.
    func evaluate(
        _ expression: MappingExpression, on input: Workspace.Document, variables: MappingInput = [:]
    ) throws(CatalogError) -> Workspace.Document {
        try expression.evaluate(
            input, in: workspace, bindings: variables.seen(by: expression.origin).elements.map { ($0.key, workspace.document($0.value)) }
        )
    }

    /// What `expression` gives on `input` as a value; nil for undefined.
    func value(
        _ expression: MappingExpression, of input: Workspace.Document, variables: MappingInput = [:]
    ) throws(CatalogError) -> JSONValue? {
        try expression.value(try evaluate(expression, on: input, variables: variables), in: workspace)
    }

    /// The scope of an expression: `members` with `response` beside them.
    func input(_ members: [(String, Workspace.Document)], response: Workspace.Document?) -> Workspace.Document {
        workspace.object(response.map { members + [("response", $0)] } ?? members)
    }

    var null: Workspace.Document { workspace.document(JSONValue.null) }

    /// A list's records: nothing is none, a single value is one.
    func items(_ data: Workspace.Document) -> [Workspace.Document] {
        data.isNull ? [] : workspace.items(data)
    }

    /// A record to be passed on: an object as the provider wrote it, byte for byte; nil for null.
    func raw(_ item: Workspace.Document) throws(JSONataError) -> JSONValue? {
        if item.isUndefined || item.isNull { return nil }
        guard let text = workspace.source(of: item) else { return try workspace.value(item) }
        return .object(JSONObject(text: JSONText(unchecked: text)))
    }
}
