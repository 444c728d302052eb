extension HTML {
    /// A whole page, in English and for screens of any width.
    ///
    /// - Parameters:
    ///   - head: markup, behind what every page has in its head.
    ///   - bodyAttributes: markup, with a blank before it.
    ///   - body: markup.
    static func page(title: String, head: String, bodyAttributes: String = "", body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <link rel="icon" href="data:,">
        \(head)
        </head>
        <body\(bodyAttributes)>
        \(body)
        </body>
        </html>

        """
    }
}
