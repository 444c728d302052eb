import JSON
import JSONata

/// The names of response mappings in a page's workspace: made once for each expression, which reads few of them and, where
/// an override wrote it, sees no secrets.
final class ScopeDocuments {
    private let input: MappingInput
    private let page: ResponsePage
    /// Whole inputs, whose last member is `response`.
    private var inputs: [ObjectIdentifier: Workspace.Document] = [:]

    init(_ input: MappingInput, _ page: ResponsePage) {
        self.input = input
        self.page = page
    }

    /// The scope of an expression that reads one record.
    func input(for expression: MappingExpression, response: Workspace.Document) -> Workspace.Document {
        let key = ObjectIdentifier(expression)
        if let known = inputs[key] { return page.workspace.object(known, last: response) }
        let fresh = page.input(seen(by: expression), response: response)
        inputs[key] = fresh
        return fresh
    }

    func seen(by expression: MappingExpression) -> [(String, Workspace.Document)] {
        input.seen(by: expression).elements.map { ($0.key, page.workspace.document($0.value)) }
    }
}
