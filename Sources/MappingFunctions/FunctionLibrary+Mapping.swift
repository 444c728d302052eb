@_spi(Engine) package import JSONata

extension FunctionLibrary {
    /// The functions of the language, some of them made more lenient, and those that mappings use besides; `docs/mapping-functions.md`.
    package static let mapping = FunctionLibrary.standard.adding(
        Extensions.replaced + Extensions.collections + Extensions.objects + Extensions.values + Extensions.text + Extensions.addresses
            + Extensions.files + Extensions.graphs + Extensions.dates + Extensions.contacts + Extensions.documents + Extensions.hashes
            + Extensions.leftOut)
}

/// The functions beyond the language, by topic.
enum Extensions {}
