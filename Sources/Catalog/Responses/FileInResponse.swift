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
        in response: ProviderResponse, request: OutgoingRequest?, scope: CallInput
    ) throws(CatalogError) -> FileInResponse? {
        guard let expression = method.responseFile, response.isDocument || response.text != nil else { return nil }
        let page = try response.body.page()
        let variables = CallVariables.of(request, scope, response, for: expression)
        guard let file = try page.value(expression, of: page.body, variables: variables)?.object,
            let content = file["content"]?.string
        else { return nil }
        return FileInResponse(
            content: content, name: file["file_name"]?.string, contentType: file["content_type"]?.string
        )
    }
}
