internal import HTTPTypes

/// The page at `/_lab/ui` and the files that it consists of; none is from elsewhere.
///
/// The files lie in the folder `Page` and are part of the program.
enum LabPage {
    private static let files: [String: (bytes: [UInt8], type: String)] = [
        "page.css": (PackageResources.page_css, "text/css; charset=utf-8"),
        "main.js": (PackageResources.main_js, script), "api.js": (PackageResources.api_js, script),
        "clock.js": (PackageResources.clock_js, script), "dom.js": (PackageResources.dom_js, script),
        "faults.js": (PackageResources.faults_js, script), "journal.js": (PackageResources.journal_js, script),
        "objects.js": (PackageResources.objects_js, script), "queues.js": (PackageResources.queues_js, script),
    ]

    private static let script = "text/javascript; charset=utf-8"

    /// Nothing but this server's own files runs or is shown, whatever messages and keys hold.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The page itself.
    static var document: HTTPAnswer { answer(PackageResources.page_html, "text/html; charset=utf-8") }

    /// One of the page's files; `nil` when it has none of that name.
    static func file(_ name: String) -> HTTPAnswer? { files[name].map { answer($0.bytes, $0.type) } }

    private static func answer(_ bytes: [UInt8], _ type: String) -> HTTPAnswer {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = type
        head.headerFields[.cacheControl] = "no-store"
        head.headerFields[.contentSecurityPolicy] = policy
        head.headerFields[.xContentTypeOptions] = "nosniff"
        return HTTPAnswer(head, .bytes(bytes))
    }
}

extension LabRoutes {
    /// `GET /_lab/ui` and `GET /_lab/ui/FILE`.
    static func page(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        guard visitor.path.count == 2 else { return LabPage.document }
        guard let file = LabPage.file(visitor.path[1]) else {
            throw LabRefusal(404, "the page has no file \"\(visitor.path[1])\"; GET /_lab/ui is the page")
        }
        return file
    }
}
