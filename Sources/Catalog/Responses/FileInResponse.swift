import JSON

/// A file that a document holds as base64.
package struct FileInResponse: Sendable {
    package var content: String
    package var name: String?
    package var contentType: String?
}

extension PlannedCall {
    /// What `response_file` gives; nil where there is no such expression, or it gives no content.
    ///
    /// - Throws: `expressionFailed`.
    package func file(
        in answer: ProviderAnswer, request: OutgoingRequest?, scope: CallScope
    ) throws(CatalogError) -> FileInResponse? {
        guard let expression = method.responseFile, let body = answer.json ?? answer.text.map({ .string($0) }) else {
            return nil
        }
        let variables = CallVariables.of(request, scope, answer, for: expression)
        guard let file = try expression.evaluate(document: body, variables: variables)?.object,
            let content = file["content"]?.string
        else { return nil }
        return FileInResponse(
            content: content, name: file["file_name"]?.string, contentType: file["content_type"]?.string
        )
    }
}
