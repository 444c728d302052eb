import JSON
import JSONata

/// The names of response mappings in a page's workspace: made once for each expression, which reads few of them and, where
/// an override wrote it, sees no secrets.
final class ScopeDocuments {
    private let input: MappingInput
    private let page: ResponsePage
    /// Whole inputs, whose last member is `response`.
    private var inputs: [(expression: MappingExpression, input: Workspace.Document)] = []

    init(_ input: MappingInput, _ page: ResponsePage) {
        self.input = input
        self.page = page
    }

    /// The scope of an expression that reads one record.
    func input(for expression: MappingExpression, response: Workspace.Document) -> Workspace.Document {
        if let known = inputs.first(where: { $0.expression === expression }) {
            return page.workspace.object(known.input, last: response)
        }
        let fresh = page.input(seen(by: expression), response: response)
        inputs.append((expression, fresh))
        return fresh
    }

    func seen(by expression: MappingExpression) -> [(String, Workspace.Document)] {
        input.seen(by: expression).elements.map { ($0.key, page.workspace.document($0.value)) }
    }
}
