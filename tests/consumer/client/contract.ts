// Made from the OpenAPI document by support/types.mjs. Not to be changed by hand: npm run types

export interface paths {
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed, in order
         * @description Public events in order. Start without a cursor, then send the cursor of the answer before as `since`.
         */
        get: operations["get_api_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/content/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whatever stands at a path
         * @description The page that lives at a path; where it went, if it moved; why, if it was taken away.
         */
        get: operations["get_api_content_by_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract */
        get: operations["get_api_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/paths": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every path that answers
         * @description Live, old and gone paths in alphabetical order, for site maps and static sites.
         */
        get: operations["get_api_paths"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/report-form.js": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A form for reports that sites can put on their pages
         * @description A module script that makes `<rolebook-report page-token=…>` a form that knows the page and lets readers point at a passage.
         */
        get: operations["get_api_report_form_js"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a report about a page
         * @description JSON is answered with JSON. The post of an HTML form is answered with a page, or leads to `return_to`; on faults the form comes again with everything that was typed. Personal data is removed before anything is kept.
         */
        post: operations["post_api_reports"];
        delete?: never;
        /**
         * Which sites may send reports from browsers
         * @description The preflight request of browsers.
         */
        options: operations["options_api_reports"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports.css": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The style of the pages that answer forms
         * @description Of the form that comes again, of thanks and of receipts.
         */
        get: operations["get_api_reports_css"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{reference}/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The receipt of a report
         * @description How far it is. A wrong secret is answered like an unknown reference.
         */
        get: operations["get_api_reports_by_reference_by_secret"];
        put?: never;
        /**
         * Add detail to a report
         * @description Up to ten times. Personal data is removed.
         */
        post: operations["post_api_reports_by_reference_by_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requirement-sections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List published pages of a kind (requirement sections)
         * @description Withdrawn pages keep their addresses but stand in no list. `route`, `max_level`, `nation` and `necessity` speak of one way in: an entry route with its own requirements and those of its section, of all sections that stand in the page. A page is listed if one way fulfils them all: `route=apprenticeship&max_level=RQF:2` lists pages with an apprenticeship for which level 2 is enough.
         */
        get: operations["get_api_requirement_sections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requirement-sections/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One published page, by slug or id (requirement sections)
         * @description With its requirement sections in full and related pages as cards.
         */
        get: operations["get_api_requirement_sections_by_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requirement-sections/{page}/what-changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed because of reports (requirement sections)
         * @description Sentences that people of the site wrote for the public, about the page and the requirement sections that stand in it, the newest change first. None while the site does not tell; nothing of a report is among them. The changes feed does not name it.
         */
        get: operations["get_api_requirement_sections_by_page_what_changed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/role-pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List published pages of a kind (role pages)
         * @description Withdrawn pages keep their addresses but stand in no list. `route`, `max_level`, `nation` and `necessity` speak of one way in: an entry route with its own requirements and those of its section, of all sections that stand in the page. A page is listed if one way fulfils them all: `route=apprenticeship&max_level=RQF:2` lists pages with an apprenticeship for which level 2 is enough.
         */
        get: operations["get_api_role_pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/role-pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One published page, by slug or id (role pages)
         * @description With its requirement sections in full and related pages as cards.
         */
        get: operations["get_api_role_pages_by_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/role-pages/{page}/json-ld": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A role page as structured data of schema.org
         * @description A graph of schema.org: WebPage, BreadcrumbList and Occupation. Addresses begin with the first of the site's origins that the server was told of; they are paths if there is none.
         */
        get: operations["get_api_role_pages_by_page_json_ld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/role-pages/{page}/what-changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed because of reports (role pages)
         * @description Sentences that people of the site wrote for the public, about the page and the requirement sections that stand in it, the newest change first. None while the site does not tell; nothing of a report is among them. The changes feed does not name it.
         */
        get: operations["get_api_role_pages_by_page_what_changed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search what is published
         * @description The best first: a word in a title counts most, then in alternative titles, role summaries, search terms, summaries, tasks and texts. All words have to be there, but for small ones such as “to” and “how”. Pages are found by their own words, requirement sections by theirs. At most 10,000 hits can be paged through.
         */
        get: operations["get_api_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A reference to another page, with enough to show it. */
        Card: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "role-page" | "requirement-section";
            path: string;
            slug: string;
            summary: string;
            title: string;
        };
        /** @description Something public that happened. */
        Change: {
            /** @description Every live document whose JSON changed. */
            affected: string[];
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            change?: "major" | "minor";
            /** @enum {string} */
            decision?: "redirect" | "gone" | "hidden";
            document?: {
                /** Format: uuid */
                id: string;
                /** @enum {string|null} */
                kind: "role-page" | "requirement-section" | null;
                path: string | null;
            };
            explanation?: string;
            /** @description The old path of what moved. */
            from?: string;
            /**
             * Format: uuid
             * @description The image, if one changed.
             */
            media?: string;
            note?: string;
            redirect_to?: string;
            /** @description Its place in the order of all events; places in between are not public. */
            sequence: number;
            /** @description The new path of what moved. */
            to?: string;
            /** @enum {string} */
            type: "confirmed" | "media_changed" | "moved" | "published" | "reinstated" | "review_date_changed" | "unpublished" | "withdrawn";
            version?: number;
        };
        Changes: {
            /** @description Opaque; `since` of the next request. */
            cursor: string;
            data: components["schemas"]["Change"][];
            /** @description Whether there is more already. */
            more: boolean;
        };
        ConflictProblem: {
            detail: string;
            /** @description What is wrong, each with its place. */
            errors?: components["schemas"]["Fault"][];
            /** @description The path of the request. */
            instance: string;
            status: number;
            title: string;
            /** @description `/problems/` and a stable code. */
            type: string;
        };
        /** @description A requirement section that stands in a page in full. */
        EmbeddedRequirementSection: {
            /** Format: uuid */
            id: string;
            introduction: components["schemas"]["RichText"] | null;
            /** @constant */
            kind: "requirement-section";
            /** @description Why the section was withdrawn; null while it is live. */
            notice: string | null;
            path: string;
            /** @description The requirements in sentences, in order. */
            plain: string[];
            /** @description What holds whichever way in. */
            requirements: components["schemas"]["PublishedNode"] | null;
            routes: components["schemas"]["PublishedEntryRoute"][];
            sections: components["schemas"]["PublishedSection"][];
            skills: components["schemas"]["PublishedSkill"][];
            slug: string;
            summary: string;
            title: string;
            version: number;
        };
        /** @description One thing that is wrong with a request, and where. */
        Fault: {
            /** @description Stable, for programs. */
            code: string;
            /** @description For people. */
            detail: string;
            /** @description A JSON pointer into what was sent, or the name of a parameter or header. */
            pointer: string;
        };
        /** @description What was changed because somebody reported it. */
        FixTold: {
            /** @description What was reported, if it stands on the page still. */
            block: {
                /** @description Of the section in which it stands, if that has one. */
                anchor: string | null;
                /** Format: uuid */
                id: string;
                /** @description The nearest heading of the page, its own or above it. */
                title: string | null;
            } | null;
            /**
             * Format: date-time
             * @description When the change went live.
             */
            changed_at: string;
            document: {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                kind: "role-page" | "requirement-section";
            };
            /** @description What was changed, in a sentence. */
            text: string;
            /** @description Of that document: the first one with the change. */
            version: number;
        };
        FixToldList: {
            data: components["schemas"]["FixTold"][];
            /**
             * Format: uri-reference
             * @description The address of the next page; null on the last one.
             */
            next: string | null;
            /** @description How many there are in all, on every page. */
            total: number;
        };
        GoneProblem: {
            detail: string;
            /** @description Why the page was taken away. */
            explanation: string | null;
            /** @description The path of the request. */
            instance: string;
            status: number;
            /** @description Pages nearby. */
            suggestions: components["schemas"]["Card"][];
            title: string;
            /** @constant */
            type: "/problems/gone";
        };
        InvalidProblem: {
            detail: string;
            /** @description What is wrong, each with its place. */
            errors: components["schemas"]["Fault"][];
            /** @description The path of the request. */
            instance: string;
            status: number;
            title: string;
            /** @description `/problems/` and a stable code. */
            type: string;
        };
        /** @description A level of a framework. Levels of different frameworks are never compared. */
        Level: {
            /** @constant */
            framework: "RQF";
            /** @enum {string} */
            level: "entry" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8";
        } | {
            /** @constant */
            framework: "CQFW";
            /** @enum {string} */
            level: "entry" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8";
        } | {
            /** @constant */
            framework: "SCQF";
            /** @enum {string} */
            level: "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11" | "12";
        };
        Moved: {
            /** @description A path of the site, or an address elsewhere. */
            location: string;
        };
        /** @description What `fields` leaves of a page: the id and the keys that were named. */
        NarrowedRequirementSection: {
            breadcrumbs?: components["schemas"]["Card"][];
            feedback?: components["schemas"]["PublishedFeedback"];
            /** Format: date-time */
            first_published_at?: string;
            /** Format: uuid */
            id: string;
            introduction?: components["schemas"]["RichText"] | null;
            /** @constant */
            kind?: "requirement-section";
            /** @description A language tag of BCP 47. */
            language?: string;
            /** Format: date */
            last_reviewed_on?: string | null;
            links?: {
                /**
                 * Format: uri-reference
                 * @description The page in the vocabulary of schema.org.
                 */
                json_ld?: string;
                /** Format: uri-reference */
                self: string;
            };
            meta_description?: string;
            /** @description Why the requirement section was withdrawn; null while it is live. */
            notice?: string | null;
            path?: string;
            /** @description The requirements in sentences, in order. */
            plain?: string[];
            /** Format: date-time */
            published_at?: string;
            /** @description What holds whichever way in. */
            requirements?: components["schemas"]["PublishedNode"] | null;
            /** Format: date */
            review_by?: string | null;
            routes?: components["schemas"]["PublishedEntryRoute"][];
            sections?: components["schemas"]["PublishedSection"][];
            skills?: components["schemas"]["PublishedSkill"][];
            slug?: string;
            summary?: string;
            title?: string;
            /**
             * Format: date-time
             * @description The time of the last event that changed this JSON.
             */
            updated_at?: string;
            /** @description The live pages that embed it. */
            used_by?: components["schemas"]["Card"][];
            version?: number;
        };
        /** @description What `fields` leaves of a page: the id and the keys that were named. */
        NarrowedRolePage: {
            alternative_titles?: string[];
            breadcrumbs?: components["schemas"]["Card"][];
            facts?: components["schemas"]["PublishedFacts"];
            feedback?: components["schemas"]["PublishedFeedback"];
            /** Format: date-time */
            first_published_at?: string;
            /** Format: uuid */
            id: string;
            /** @constant */
            kind?: "role-page";
            /** @description A language tag of BCP 47. */
            language?: string;
            /** Format: date */
            last_reviewed_on?: string | null;
            lead_image?: components["schemas"]["PublishedImage"] | null;
            learn_more?: components["schemas"]["PublishedLink"][];
            links?: {
                /**
                 * Format: uri-reference
                 * @description The page in the vocabulary of schema.org.
                 */
                json_ld?: string;
                /** Format: uri-reference */
                self: string;
            };
            meta_description?: string;
            /** @description Why the role page was withdrawn; null while it is live. */
            notice?: string | null;
            path?: string;
            /** Format: date-time */
            published_at?: string;
            related_roles?: components["schemas"]["Card"][];
            /** Format: date */
            review_by?: string | null;
            sections?: components["schemas"]["PublishedSection"][];
            slug?: string;
            summary?: string;
            title?: string;
            /**
             * @description The article before the title in a sentence.
             * @enum {string}
             */
            title_article?: "a" | "an" | "none" | "as_defined";
            /**
             * Format: date-time
             * @description The time of the last event that changed this JSON.
             */
            updated_at?: string;
            version?: number;
        };
        /** @description A path, and what it answers. */
        PathEntry: {
            /** Format: uuid */
            document: string | null;
            /** @enum {string|null} */
            kind: "role-page" | "requirement-section" | null;
            /** @description Where a redirect leads. */
            location: string | null;
            path: string;
            /** @enum {string} */
            type: "live" | "withdrawn" | "redirect" | "gone";
            /** Format: date-time */
            updated_at: string;
        };
        PathList: {
            data: components["schemas"]["PathEntry"][];
            /**
             * Format: uri-reference
             * @description The address of the next page; null on the last one.
             */
            next: string | null;
            /** @description How many there are in all, on every page. */
            total: number;
        };
        /** @description What every error answers, as in RFC 9457. */
        Problem: {
            detail: string;
            /** @description The path of the request. */
            instance: string;
            status: number;
            title: string;
            /** @description `/problems/` and a stable code. */
            type: string;
        };
        PublishedBlock: components["schemas"]["PublishedTextBlock"] | components["schemas"]["PublishedImageBlock"] | components["schemas"]["PublishedCalloutBlock"] | components["schemas"]["PublishedDetailsBlock"] | components["schemas"]["PublishedRolesBlock"] | components["schemas"]["PublishedRequirementsBlock"] | components["schemas"]["PublishedLinksBlock"] | components["schemas"]["PublishedQuoteBlock"] | components["schemas"]["PublishedFactsBlock"];
        PublishedCalloutBlock: {
            heading: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "callout";
            text: components["schemas"]["RichText"] | null;
            /** @enum {string} */
            tone: "information" | "tip" | "warning";
        };
        PublishedDetailsBlock: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "details";
            summary: string;
            text: components["schemas"]["RichText"] | null;
        };
        PublishedEntryRoute: {
            /** @description By framework, the level that is asked for at least; `0` for none, null where it is not known. */
            asks_for: {
                /** @enum {string} */
                CQFW?: "0" | "entry" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8";
                /** @enum {string} */
                RQF?: "0" | "entry" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8";
                /** @enum {string} */
                SCQF?: "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11" | "12";
            } | null;
            further_information: components["schemas"]["RichText"] | null;
            heading: string | null;
            /** Format: uuid */
            id: string;
            introduction: components["schemas"]["RichText"] | null;
            /** @enum {string} */
            kind: "university" | "college" | "apprenticeship" | "graduate_scheme" | "work" | "volunteering" | "direct" | "other";
            links: components["schemas"]["PublishedLink"][];
            /** @description The requirements in sentences, in order. */
            plain: string[];
            requirements: components["schemas"]["PublishedNode"] | null;
            standards: components["schemas"]["PublishedStandard"][];
            subjects: string[];
        };
        PublishedFacts: {
            career_path: components["schemas"]["RichText"] | null;
            hours: {
                detail: string | null;
                maximum: number | null;
                minimum: number | null;
                patterns: string[];
            } | null;
            occupation_codes: {
                code?: string;
                label: string | null;
                primary: boolean;
                /** @enum {string} */
                scheme: "uk-soc" | "onet-soc" | "isco" | "esco";
                scheme_version: string;
                uri?: string;
            }[];
            pay: components["schemas"]["PublishedPay"] | null;
            registrations: {
                /** Format: uuid */
                id: string;
                links: components["schemas"]["PublishedLink"][];
                organisation: string | null;
                text: string;
            }[];
            skills: components["schemas"]["PublishedSkill"][];
            standards: components["schemas"]["PublishedStandard"][];
            tasks: components["schemas"]["PublishedTask"][];
            uniform: string[];
            work_environments: string[];
            work_locations: string[];
        };
        PublishedFactsBlock: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "facts";
            show: ("occupation_codes" | "pay" | "hours" | "tasks" | "skills" | "registrations" | "work_locations" | "work_environments" | "uniform" | "standards" | "career_path")[];
        };
        /** @description How a visitor reports a problem with the page. */
        PublishedFeedback: {
            /**
             * Format: uri-reference
             * @description Where reports are sent.
             */
            action: string;
            kinds: ("problem" | "comment" | "accessibility" | "praise")[];
            /** @description Proves which version of which page the visitor saw; send it with the report. */
            page_token: string;
        };
        PublishedGroup: {
            /** @description Of `at_least`: how many. */
            count: number | null;
            /** Format: uuid */
            id: string;
            items: components["schemas"]["PublishedNode"][];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "group";
            lead_in: string | null;
            /** @description Where a reference stood: the section that the node comes from. */
            requirement_section?: components["schemas"]["RequirementSectionHead"];
            /** @enum {string} */
            rule: "all_of" | "one_of" | "at_least";
        };
        PublishedImage: {
            /** @description Empty if the image is decorative. */
            alt: string;
            caption: string | null;
            decorative: boolean;
            /** @description What must stay visible, from the left and from the top. */
            focal_point: {
                x: number;
                y: number;
            } | null;
            /** @description In pixels. */
            height: number;
            /** Format: uuid */
            id: string;
            sources: {
                height: number;
                /** Format: uri-reference */
                src: string;
                /** @description A media type, such as image/webp. */
                type: string;
                width: number;
            }[];
            /** @description In pixels. */
            width: number;
        };
        PublishedImageBlock: {
            /** Format: uuid */
            id: string;
            image: components["schemas"]["PublishedImage"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "image";
        };
        PublishedLink: {
            /** Format: uuid */
            block?: string;
            /** Format: uuid */
            document?: string;
            text: string;
            /** @description Of a link to a document its live path. */
            url: string;
        };
        PublishedLinksBlock: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "links";
            links: components["schemas"]["PublishedLink"][];
        };
        PublishedList: {
            data: components["schemas"]["PublishedListItem"][];
            /**
             * Format: uri-reference
             * @description The address of the next page; null on the last one.
             */
            next: string | null;
            /** @description How many there are in all, on every page. */
            total: number;
        };
        /** @description A card with times, and the keys of the page that `fields` names. */
        PublishedListItem: components["schemas"]["Card"] & {
            /** Format: date-time */
            published_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A node of a requirement tree, with references followed. */
        PublishedNode: components["schemas"]["PublishedGroup"] | components["schemas"]["PublishedRequirement"] | components["schemas"]["PublishedSectionReference"];
        PublishedPay: {
            bands: string[];
            /** @constant */
            kind: "bands";
            /** @enum {string|null} */
            nation: "england" | "scotland" | "wales" | "northern_ireland" | null;
            scheme: string;
        } | {
            /** Format: date */
            as_of: string | null;
            /** @description A code of ISO 4217. */
            currency: string;
            /** @constant */
            kind: "range";
            maximum: number | null;
            minimum: number | null;
            /** @enum {string} */
            period: "hour" | "day" | "week" | "month" | "year";
        } | {
            /** Format: date */
            as_of: string | null;
            /** @description A code of ISO 4217. */
            currency: string;
            experienced: number | null;
            /** @constant */
            kind: "progression";
            /** @enum {string} */
            period: "hour" | "day" | "week" | "month" | "year";
            starter: number | null;
        } | {
            /** @constant */
            kind: "variable";
            note: string | null;
        };
        PublishedQualification: {
            count_maximum: number | null;
            count_minimum: number | null;
            grade: string | null;
            level: components["schemas"]["Level"] | null;
            name: string;
            or_equivalent: boolean;
            subjects: string[];
        };
        PublishedQuoteBlock: {
            attribution: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "quote";
            text: components["schemas"]["RichText"] | null;
        };
        PublishedRequirement: {
            /** @enum {string} */
            category: "qualification" | "experience" | "licence" | "background_check" | "registration" | "health" | "age" | "nationality" | "residence" | "transport" | "insurance" | "references" | "audition" | "skill" | "other";
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "requirement";
            links: components["schemas"]["PublishedLink"][];
            /** @description Empty: all nations. */
            nations: ("england" | "scotland" | "wales" | "northern_ireland")[];
            /** @enum {string} */
            necessity: "required" | "usually" | "sometimes" | "helpful" | "none";
            organisation: string | null;
            qualification: components["schemas"]["PublishedQualification"] | null;
            /** @description Where a reference stood: the section that the node comes from. */
            requirement_section?: components["schemas"]["RequirementSectionHead"];
            source: {
                /** Format: date */
                checked_on: string | null;
                title: string;
                url: string;
            } | null;
            text: string;
        };
        PublishedRequirementsBlock: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "requirements";
            note: components["schemas"]["RichText"] | null;
            requirement_section: components["schemas"]["EmbeddedRequirementSection"];
        };
        /** @description A published requirement section. */
        PublishedRequirementSection: {
            breadcrumbs: components["schemas"]["Card"][];
            feedback: components["schemas"]["PublishedFeedback"];
            /** Format: date-time */
            first_published_at: string;
            /** Format: uuid */
            id: string;
            introduction: components["schemas"]["RichText"] | null;
            /** @constant */
            kind: "requirement-section";
            /** @description A language tag of BCP 47. */
            language: string;
            /** Format: date */
            last_reviewed_on: string | null;
            links: {
                /**
                 * Format: uri-reference
                 * @description The page in the vocabulary of schema.org.
                 */
                json_ld?: string;
                /** Format: uri-reference */
                self: string;
            };
            meta_description: string;
            /** @description Why the requirement section was withdrawn; null while it is live. */
            notice: string | null;
            path: string;
            /** @description The requirements in sentences, in order. */
            plain: string[];
            /** Format: date-time */
            published_at: string;
            /** @description What holds whichever way in. */
            requirements: components["schemas"]["PublishedNode"] | null;
            /** Format: date */
            review_by: string | null;
            routes: components["schemas"]["PublishedEntryRoute"][];
            sections: components["schemas"]["PublishedSection"][];
            skills: components["schemas"]["PublishedSkill"][];
            slug: string;
            summary: string;
            title: string;
            /**
             * Format: date-time
             * @description The time of the last event that changed this JSON.
             */
            updated_at: string;
            /** @description The live pages that embed it. */
            used_by: components["schemas"]["Card"][];
            version: number;
        };
        /** @description A published role page, with its requirement sections in full. */
        PublishedRolePage: {
            alternative_titles: string[];
            breadcrumbs: components["schemas"]["Card"][];
            facts: components["schemas"]["PublishedFacts"];
            feedback: components["schemas"]["PublishedFeedback"];
            /** Format: date-time */
            first_published_at: string;
            /** Format: uuid */
            id: string;
            /** @constant */
            kind: "role-page";
            /** @description A language tag of BCP 47. */
            language: string;
            /** Format: date */
            last_reviewed_on: string | null;
            lead_image: components["schemas"]["PublishedImage"] | null;
            learn_more: components["schemas"]["PublishedLink"][];
            links: {
                /**
                 * Format: uri-reference
                 * @description The page in the vocabulary of schema.org.
                 */
                json_ld?: string;
                /** Format: uri-reference */
                self: string;
            };
            meta_description: string;
            /** @description Why the role page was withdrawn; null while it is live. */
            notice: string | null;
            path: string;
            /** Format: date-time */
            published_at: string;
            related_roles: components["schemas"]["Card"][];
            /** Format: date */
            review_by: string | null;
            sections: components["schemas"]["PublishedSection"][];
            slug: string;
            summary: string;
            title: string;
            /**
             * @description The article before the title in a sentence.
             * @enum {string}
             */
            title_article: "a" | "an" | "none" | "as_defined";
            /**
             * Format: date-time
             * @description The time of the last event that changed this JSON.
             */
            updated_at: string;
            version: number;
        };
        PublishedRolesBlock: {
            /** Format: uuid */
            id: string;
            introduction: components["schemas"]["RichText"] | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "roles";
            roles: components["schemas"]["PublishedRoleSummary"][];
        };
        PublishedRoleSummary: {
            /** Format: uuid */
            id: string;
            /** @description The role's own page; null if it has none that is live. */
            page: components["schemas"]["Card"] | null;
            tasks: components["schemas"]["PublishedTask"][];
            text: components["schemas"]["RichText"] | null;
            title: string;
        };
        PublishedSection: {
            /** @description Unique in the page; null without a heading. */
            anchor: string | null;
            blocks: components["schemas"]["PublishedBlock"][];
            /** @enum {string} */
            display: "plain" | "accordion";
            heading: string | null;
            /** Format: uuid */
            id: string;
        };
        /** @description A reference that could not be followed. */
        PublishedSectionReference: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "section";
            /** @enum {string|null} */
            necessity: "required" | "usually" | "sometimes" | "helpful" | "none" | null;
            requirement_section: components["schemas"]["RequirementSectionHead"] | null;
        };
        PublishedSkill: {
            code: {
                code: string;
                scheme: string;
            } | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "essential" | "desirable" | "personal" | "digital" | "knowledge";
            text: string;
        };
        PublishedStandard: {
            duration_months: number | null;
            lars_code: number | null;
            level: components["schemas"]["Level"] | null;
            reference: string;
            title: string;
        };
        PublishedTask: {
            /** Format: uuid */
            id: string;
            text: string;
        };
        PublishedTextBlock: {
            /** Format: uuid */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "text";
            text: components["schemas"]["RichText"] | null;
        };
        Receipt: {
            /**
             * Format: uri-reference
             * @description Holds a secret; shows how far it is and takes more detail.
             */
            receipt_url: string;
            /** Format: date-time */
            received_at: string;
            /** @description For people, such as RB-7K3M-9QXF; it shows nothing by itself. */
            reference: string;
        };
        ReportDetailInput: {
            text: string;
        };
        /** @description A visitor's report. At least one of `doing` and `wrong` is filled in; personal data is removed. */
        ReportForm: {
            /**
             * Format: uuid
             * @description A block of the page, or of a requirement section that stands in it.
             */
            block?: string | null;
            /**
             * Format: email
             * @description Only where the site takes addresses.
             */
            contact_email?: string | null;
            /** @description The id or slug of a live document, if there is no page token. */
            document?: string | null;
            /** @description What the visitor was doing. */
            doing?: string | null;
            /** @enum {string} */
            kind: "problem" | "comment" | "accessibility" | "praise";
            /** @description From the published JSON of the page; goes before `document` and `version`. */
            page_token?: string | null;
            /**
             * Format: uri
             * @description Where to go afterwards: an absolute address on one of the site's origins.
             */
            return_to?: string;
            /**
             * Format: date-time
             * @description When the visitor was shown the form; helps against machines.
             */
            shown_at?: string | null;
            /** @description The version that the visitor saw; the live one if it is left out. */
            version?: number | null;
            /** @description Always empty: a field that people don't see. */
            website?: string | null;
            /** @description What went wrong. */
            wrong?: string | null;
        };
        /** @description A visitor's report. At least one of `doing` and `wrong` is filled in; personal data is removed. */
        ReportInput: {
            /**
             * Format: uuid
             * @description A block of the page, or of a requirement section that stands in it.
             */
            block?: string | null;
            /**
             * Format: email
             * @description Only where the site takes addresses.
             */
            contact_email?: string | null;
            /** @description The id or slug of a live document, if there is no page token. */
            document?: string | null;
            /** @description What the visitor was doing. */
            doing?: string | null;
            /** @enum {string} */
            kind: "problem" | "comment" | "accessibility" | "praise";
            /** @description From the published JSON of the page; goes before `document` and `version`. */
            page_token?: string | null;
            /**
             * Format: date-time
             * @description When the visitor was shown the form; helps against machines.
             */
            shown_at?: string | null;
            /** @description The version that the visitor saw; the live one if it is left out. */
            version?: number | null;
            /** @description Always empty: a field that people don't see. */
            website?: string | null;
            /** @description What went wrong. */
            wrong?: string | null;
        };
        ReportProgress: {
            /** @description How often detail was added. */
            additions: number;
            /** @description How often it can still be added. */
            additions_left: number;
            /**
             * Format: date-time
             * @description When somebody answered at the address that was left.
             */
            answered_at: string | null;
            /** Format: date-time */
            received_at: string;
            reference: string;
            /** @enum {string} */
            state: "received" | "being_looked_at" | "answered" | "fixed" | "closed";
        };
        /** @description Which requirement section something comes from. */
        RequirementSectionHead: {
            /** Format: uuid */
            id: string;
            /** @constant */
            kind: "requirement-section";
            /** @description Why the section was withdrawn; null while it is live. */
            notice: string | null;
            path: string;
            slug: string;
            summary: string;
            title: string;
            version: number;
        };
        /** @description One text in three forms. */
        RichText: {
            /** @description With links resolved; safe to put into a page as it is. */
            html: string;
            /** @description As it is kept; links to documents are `ref:ID`. */
            markdown: string;
            /** @description With links resolved, for sites that make their own HTML. */
            tree: components["schemas"]["TreeNode"][];
        };
        SearchAnswer: {
            data: components["schemas"]["SearchHit"][];
            /** @description How many hits each of these filters would leave; only such as would leave some. */
            facets: {
                /** @description Such as `RQF:3`. */
                level: {
                    count: number;
                    level: string;
                }[];
                /** @description The 20 with most hits. */
                parent: {
                    count: number;
                    parent: components["schemas"]["Card"];
                }[];
                route: {
                    count: number;
                    /** @enum {string} */
                    route: "university" | "college" | "apprenticeship" | "graduate_scheme" | "work" | "volunteering" | "direct" | "other";
                }[];
            };
            /**
             * Format: uri-reference
             * @description The address of the next page; null on the last one.
             */
            next: string | null;
            /** @description How many hits there are in all, on every page. */
            total: number;
        };
        /**
         * @description A card with times, and what in the page was searched for.
         * @example {
         *       "id": "0199a1c2-0000-7000-8000-000000000001",
         *       "kind": "role-page",
         *       "slug": "ict-support-technician",
         *       "path": "/ict/ict-support-technician",
         *       "title": "ICT support technician",
         *       "summary": "Keeps computers going.",
         *       "published_at": "2026-11-20T09:00:00Z",
         *       "updated_at": "2026-11-22T09:00:00Z",
         *       "highlights": [
         *         {
         *           "field": "title",
         *           "pieces": [
         *             {
         *               "text": "ICT ",
         *               "marked": false
         *             },
         *             {
         *               "text": "support",
         *               "marked": true
         *             },
         *             {
         *               "text": " ",
         *               "marked": false
         *             },
         *             {
         *               "text": "technician",
         *               "marked": true
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        SearchHit: components["schemas"]["Card"] & {
            highlights: {
                /** @enum {string} */
                field: "title" | "alternative_titles" | "roles" | "summary" | "tasks" | "text";
                pieces: {
                    /** @description Whether it is a word that was searched for. */
                    marked: boolean;
                    /** @description Plain text; the texts of all pieces together are the text or a part of it. */
                    text: string;
                }[];
            }[];
            /** Format: date-time */
            published_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        ServerProblem: {
            detail: string;
            /** @description The path of the request. */
            instance: string;
            request_id: string | null;
            status: number;
            title: string;
            /** @description `/problems/` and a stable code. */
            type: string;
        };
        /** @description A part of a line of a rich text. */
        TreeInline: {
            text: string;
            /** @constant */
            type: "text";
        } | {
            content: components["schemas"]["TreeInline"][];
            /** @constant */
            type: "strong";
        } | {
            content: components["schemas"]["TreeInline"][];
            /** @constant */
            type: "emphasis";
        } | {
            /** Format: uuid */
            block?: string;
            content: components["schemas"]["TreeInline"][];
            /**
             * Format: uuid
             * @description For a link to a document of this site.
             */
            document?: string;
            /** Format: uri-reference */
            href: string;
            /** @constant */
            type: "link";
        } | {
            /** @constant */
            type: "break";
        };
        /** @description A block of a rich text. */
        TreeNode: {
            content: components["schemas"]["TreeInline"][];
            /** @constant */
            type: "paragraph";
        } | {
            content: components["schemas"]["TreeInline"][];
            id: string;
            level: number;
            /** @constant */
            type: "heading";
        } | {
            items: {
                blocks: components["schemas"]["TreeNode"][];
            }[];
            ordered: boolean;
            /** @description The number of the first item. */
            start: number;
            /** @constant */
            type: "list";
        } | {
            blocks: components["schemas"]["TreeNode"][];
            /** @constant */
            type: "quote";
        } | {
            head: components["schemas"]["TreeInline"][][];
            rows: components["schemas"]["TreeInline"][][][];
            /** @constant */
            type: "table";
        };
    };
    responses: {
        /** @description It does not fit the present state of things. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ConflictProblem"];
            };
        };
        /** @description The request can't be read, or has a parameter that is wrong or unknown. */
        Malformed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidProblem"];
            };
        };
        /** @description There is no such thing. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The cursor is of another time of this database: read everything again. */
        Resync: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The fault is the server's. */
        ServerError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ServerProblem"];
            };
        };
        /** @description The body is too large. */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much was sent in a short time. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database or the store can't be reached at the moment. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ServerProblem"];
            };
        };
        /** @description The body is not of a media type that is read here. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The time of the answer that is known already. */
        IfModifiedSince: string;
        /** @description ETags of answers that are known already. */
        IfNoneMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description Which sites may read the answer in browsers. */
        "Access-Control-Allow-Origin": string;
        /** @description For how long the answer may be used without asking again: shorter as a scheduled change nears. */
        "Cache-Control": string;
        /** @description `gzip` or `br`, as asked for; such an answer has an ETag of its own. */
        "Content-Encoding": string;
        /** @description The version, for If-Match; of cached answers a strong validator of the bytes, for If-None-Match. */
        ETag: string;
        /** @description When what is answered changed last. */
        "Last-Modified": string;
        /** @description The address of the new thing, or of where it is now. */
        Location: string;
        /** @description After how many seconds to try again. */
        "Retry-After": number;
        /** @description The ids of everything that the answer depends on, separated by spaces. */
        "Surrogate-Key": string;
        /** @description The request headers that the answer depends on. */
        Vary: string;
        /** @description Names the request in the server's log; an answer out of memory has none. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_api_changes: {
        parameters: {
            query?: {
                /** @example 2 */
                limit?: number;
                /**
                 * @description The cursor of the answer before; from the beginning without one.
                 * @example 611830d3.10
                 */
                since?: string;
                /** @description For how many seconds to wait if there is nothing new. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened since. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "sequence": 12,
                     *           "at": "2026-11-22T09:00:00Z",
                     *           "type": "published",
                     *           "document": {
                     *             "id": "01a2027b-d680-7000-950e-0be582eb7d2c",
                     *             "kind": "role-page",
                     *             "path": "/ict"
                     *           },
                     *           "version": 1,
                     *           "change": "major",
                     *           "affected": [
                     *             "01a2027b-d680-7000-950e-0be582eb7d2c"
                     *           ]
                     *         },
                     *         {
                     *           "sequence": 14,
                     *           "at": "2026-11-22T09:00:00Z",
                     *           "type": "published",
                     *           "document": {
                     *             "id": "01a2027b-d680-720f-9037-3ced7242491f",
                     *             "kind": "role-page",
                     *             "path": "/ict/ict-support-technician"
                     *           },
                     *           "version": 1,
                     *           "change": "major",
                     *           "affected": [
                     *             "01a2027b-d680-720f-9037-3ced7242491f",
                     *             "01a2027b-d680-7256-a500-7b2322330690"
                     *           ]
                     *         }
                     *       ],
                     *       "cursor": "611830d3.14",
                     *       "more": true
                     *     }
                     */
                    "application/json": components["schemas"]["Changes"];
                };
            };
            400: components["responses"]["Malformed"];
            410: components["responses"]["Resync"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_content_by_path: {
        parameters: {
            query?: never;
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example ict */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a2027b-d680-7000-950e-0be582eb7d2c",
                     *       "kind": "role-page",
                     *       "slug": "ict",
                     *       "path": "/ict",
                     *       "version": 1,
                     *       "language": "en-GB",
                     *       "title": "Information and communication technology",
                     *       "title_article": "none",
                     *       "alternative_titles": [],
                     *       "summary": "The people who keep the computers of a health service running.",
                     *       "meta_description": "The people who keep the computers of a health service running.",
                     *       "breadcrumbs": [],
                     *       "lead_image": null,
                     *       "sections": [],
                     *       "related_roles": [],
                     *       "learn_more": [],
                     *       "facts": {
                     *         "occupation_codes": [],
                     *         "pay": null,
                     *         "hours": null,
                     *         "tasks": [],
                     *         "skills": [],
                     *         "registrations": [],
                     *         "work_locations": [],
                     *         "work_environments": [],
                     *         "uniform": [],
                     *         "standards": [],
                     *         "career_path": null
                     *       },
                     *       "first_published_at": "2026-11-22T09:00:00Z",
                     *       "published_at": "2026-11-22T09:00:00Z",
                     *       "updated_at": "2026-11-22T09:00:00Z",
                     *       "last_reviewed_on": null,
                     *       "review_by": null,
                     *       "notice": null,
                     *       "feedback": {
                     *         "action": "/api/v1/reports",
                     *         "page_token": "AaICe9aAcACVDgvlgut9LAAAAAEAAAAAAAAADCWUaCL3SeBU-sy6cSzO9ss",
                     *         "kinds": [
                     *           "problem",
                     *           "comment",
                     *           "accessibility",
                     *           "praise"
                     *         ]
                     *       },
                     *       "links": {
                     *         "self": "/api/v1/role-pages/ict",
                     *         "json_ld": "/api/v1/role-pages/ict/json-ld"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedRolePage"] | components["schemas"]["PublishedRequirementSection"];
                };
            };
            /** @description It lives elsewhere now. */
            301: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    Location: components["headers"]["Location"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "location": "/hospital-porter"
                     *     }
                     */
                    "application/json": components["schemas"]["Moved"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            /** @description It was taken away. */
            410: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/problems/gone",
                     *       "title": "It is gone",
                     *       "status": 410,
                     *       "detail": "Nobody does this work any more.",
                     *       "instance": "/api/v1/content/telegraphist",
                     *       "explanation": "Nobody does this work any more.",
                     *       "suggestions": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["GoneProblem"];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_openapi_json: {
        parameters: {
            query?: never;
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI document. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_paths: {
        parameters: {
            query?: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /**
                 * @description Items on a page.
                 * @example 4
                 */
                limit?: number;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "path": "/basic-checks",
                     *           "type": "gone",
                     *           "document": null,
                     *           "kind": null,
                     *           "location": null,
                     *           "updated_at": "2026-11-22T09:02:00Z"
                     *         },
                     *         {
                     *           "path": "/digital-apprenticeship",
                     *           "type": "live",
                     *           "document": "01a2027b-d680-7256-a500-7b2322330690",
                     *           "kind": "requirement-section",
                     *           "location": null,
                     *           "updated_at": "2026-11-22T09:00:00Z"
                     *         },
                     *         {
                     *           "path": "/driver",
                     *           "type": "live",
                     *           "document": "01a2027d-ab40-7c5f-919a-8c7b53283791",
                     *           "kind": "role-page",
                     *           "location": null,
                     *           "updated_at": "2026-11-22T09:02:00Z"
                     *         },
                     *         {
                     *           "path": "/driving-licence",
                     *           "type": "live",
                     *           "document": "01a2027d-ab40-7600-b201-b9906d7614f6",
                     *           "kind": "requirement-section",
                     *           "location": null,
                     *           "updated_at": "2026-11-22T09:02:00Z"
                     *         }
                     *       ],
                     *       "next": "/api/v1/paths?limit=4&cursor=%2Fdriving-licence",
                     *       "total": 10
                     *     }
                     */
                    "application/json": components["schemas"]["PathList"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_report_form_js: {
        parameters: {
            query?: never;
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The script. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": unknown;
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    post_api_reports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "page_token": "AaICe9aAcg-QNzztckJJHwAAAAEAAAAAAAAADqizLQD-rhSwt1-c_BXY-bo",
                 *       "block": "01a2027b-d680-712e-8dff-951daece49f5",
                 *       "kind": "problem",
                 *       "doing": "I was looking for a first job.",
                 *       "wrong": "It does not say whether I need a driving licence."
                 *     }
                 */
                "application/json": components["schemas"]["ReportInput"];
                /**
                 * @example {
                 *       "document": "01a2027b-d680-720f-9037-3ced7242491f",
                 *       "kind": "comment",
                 *       "wrong": "The photograph is very dark.",
                 *       "return_to": "https://site.example/thanks"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["ReportForm"];
            };
        };
        responses: {
            /** @description It has been received. */
            202: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reference": "RB-125Z-JZNY",
                     *       "received_at": "2026-11-22T09:02:00Z",
                     *       "receipt_url": "https://careers.example/api/v1/reports/RB-125Z-JZNY/339150dbe6f7ed6fbe4af87d106e50d0"
                     *     }
                     */
                    "application/json": components["schemas"]["Receipt"];
                    "text/html": string;
                };
            };
            /** @description After the post of a form with `return_to`. */
            303: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description Parts of it can't be accepted. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InvalidProblem"];
                    "text/html": string;
                };
            };
            /** @description Too much was sent in a short time. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "text/html": string;
                };
            };
            /** @description The fault is the server's. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ServerProblem"];
                    "text/html": string;
                };
            };
            /** @description It can't be received at the moment. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ServerProblem"];
                    "text/html": string;
                };
            };
        };
    };
    options_api_reports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has been done. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_reports_css: {
        parameters: {
            query?: never;
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The style sheet. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/css": unknown;
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_reports_by_reference_by_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example RB-125Z-JZNY */
                reference: string;
                /** @example 339150dbe6f7ed6fbe4af87d106e50d0 */
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reference": "RB-125Z-JZNY",
                     *       "received_at": "2026-11-22T09:02:00Z",
                     *       "state": "received",
                     *       "answered_at": null,
                     *       "additions": 0,
                     *       "additions_left": 10
                     *     }
                     */
                    "application/json": components["schemas"]["ReportProgress"];
                    "text/html": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    post_api_reports_by_reference_by_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example RB-125Z-JZNY */
                reference: string;
                /** @example 339150dbe6f7ed6fbe4af87d106e50d0 */
                secret: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "The job advert asked for one."
                 *     }
                 */
                "application/json": components["schemas"]["ReportDetailInput"];
                /**
                 * @example {
                 *       "text": "It was an advert of October."
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["ReportDetailInput"];
            };
        };
        responses: {
            /** @description It has been added. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reference": "RB-125Z-JZNY",
                     *       "received_at": "2026-11-22T09:02:00Z",
                     *       "state": "received",
                     *       "answered_at": null,
                     *       "additions": 1,
                     *       "additions_left": 9
                     *     }
                     */
                    "application/json": components["schemas"]["ReportProgress"];
                    "text/html": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description It can't be accepted. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/problems/invalid",
                     *       "title": "The content is not valid",
                     *       "status": 422,
                     *       "detail": "Say what you want to add.",
                     *       "instance": "/api/v1/reports/RB-125Z-JZNY/339150dbe6f7ed6fbe4af87d106e50d0",
                     *       "errors": [
                     *         {
                     *           "pointer": "/text",
                     *           "code": "missing-field",
                     *           "detail": "Say what you want to add."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["InvalidProblem"];
                    "text/html": string;
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_requirement_sections: {
        parameters: {
            query?: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /** @description Names of keys of the page. Of a page only these are answered, beside its id; of a list item these as well. */
                fields?: string[];
                /** @description Only these pages. */
                ids?: string[];
                /**
                 * @description Items on a page.
                 * @example 1
                 */
                limit?: number;
                /** @description Nothing that is required or usually asked for on some way through the requirements is above this level: of `one_of` a degree and 2 A levels, RQF:3 is enough; of `all_of` the two it is not. Levels of different frameworks are not compared; what has no level in this one asks for nothing in it. */
                max_level?: "RQF:entry" | "RQF:1" | "RQF:2" | "RQF:3" | "RQF:4" | "RQF:5" | "RQF:6" | "RQF:7" | "RQF:8" | "CQFW:entry" | "CQFW:1" | "CQFW:2" | "CQFW:3" | "CQFW:4" | "CQFW:5" | "CQFW:6" | "CQFW:7" | "CQFW:8" | "SCQF:1" | "SCQF:2" | "SCQF:3" | "SCQF:4" | "SCQF:5" | "SCQF:6" | "SCQF:7" | "SCQF:8" | "SCQF:9" | "SCQF:10" | "SCQF:11" | "SCQF:12";
                /** @description The way in is open here. Requirements that name no nation hold in all of them; those that name only others are taken out before the rest is looked at. */
                nation?: "england" | "scotland" | "wales" | "northern_ireland";
                /** @description Some requirement of the way in has this necessity. */
                necessity?: "required" | "usually" | "sometimes" | "helpful" | "none";
                /** @description Only pages right below this one. */
                parent?: string;
                /** @description Words are found in whatever case and form and without accents; the last one may be the beginning of a word, unless a space follows it; a word that stands nowhere is taken for similar ones. Words in quotes stand one after the other, exactly as they are. */
                q?: string;
                /** @description The way in is an entry route of this kind. */
                route?: "university" | "college" | "apprenticeship" | "graduate_scheme" | "work" | "volunteering" | "direct" | "other";
                /** @description Words that stand in a skill one after the other, in whatever case and with or without accents; or the skill's code, alone or as `scheme:code`. */
                skill?: string;
                sort?: "title" | "-title" | "updated_at" | "-updated_at";
                /** @description With `max_level`: whether routes of which nobody knows what they ask for, such as those in prose only, are listed too. */
                unknown?: "include" | "exclude";
                /**
                 * @description Only pages whose JSON changed at this time or later.
                 * @example 2026-11-01T00:00:00Z
                 */
                updated_since?: string;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "01a2027b-d680-7256-a500-7b2322330690",
                     *           "kind": "requirement-section",
                     *           "slug": "digital-apprenticeship",
                     *           "path": "/digital-apprenticeship",
                     *           "title": "Digital apprenticeship",
                     *           "summary": "How to start as an apprentice.",
                     *           "published_at": "2026-11-22T09:00:00Z",
                     *           "updated_at": "2026-11-22T09:00:00Z"
                     *         }
                     *       ],
                     *       "next": "/api/v1/requirement-sections?sort=title&limit=1&updated_since=2026-11-01T00%3A00%3A00Z&cursor=dGl0bGUKMDFhMjAyN2ItZDY4MC03MjU2LWE1MDAtN2IyMzIyMzMwNjkwCmRpZ2l0YWwgYXBwcmVudGljZXNoaXA",
                     *       "total": 2
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedList"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_requirement_sections_by_page: {
        parameters: {
            query?: {
                /** @description What the public saw at this time; only of pages that can be read now. */
                as_of?: string;
                /** @description Names of keys of the page. Of a page only these are answered, beside its id; of a list item these as well. */
                fields?: string[];
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example 01a2027b-d680-7256-a500-7b2322330690 */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a2027b-d680-7256-a500-7b2322330690",
                     *       "kind": "requirement-section",
                     *       "slug": "digital-apprenticeship",
                     *       "path": "/digital-apprenticeship",
                     *       "version": 1,
                     *       "language": "en-GB",
                     *       "title": "Digital apprenticeship",
                     *       "summary": "How to start as an apprentice.",
                     *       "meta_description": "How to start as an apprentice.",
                     *       "breadcrumbs": [],
                     *       "introduction": null,
                     *       "requirements": null,
                     *       "plain": [],
                     *       "routes": [
                     *         {
                     *           "id": "01a2027b-d680-7f6f-a19b-201a05d668b6",
                     *           "kind": "apprenticeship",
                     *           "heading": null,
                     *           "introduction": null,
                     *           "requirements": {
                     *             "id": "01a2027b-d680-78ae-a01f-6497b461980e",
                     *             "kind": "group",
                     *             "rule": "at_least",
                     *             "count": 1,
                     *             "lead_in": "You'll usually need at least one of:",
                     *             "items": [
                     *               {
                     *                 "id": "01a2027b-d680-77e3-81dc-2e135fe330c6",
                     *                 "kind": "requirement",
                     *                 "text": "4 GCSEs at grade 4, with English and maths",
                     *                 "category": "qualification",
                     *                 "necessity": "usually",
                     *                 "qualification": {
                     *                   "name": "GCSE",
                     *                   "level": {
                     *                     "framework": "RQF",
                     *                     "level": "2"
                     *                   },
                     *                   "grade": "4",
                     *                   "count_minimum": 4,
                     *                   "count_maximum": null,
                     *                   "or_equivalent": false,
                     *                   "subjects": []
                     *                 },
                     *                 "organisation": null,
                     *                 "links": [],
                     *                 "source": null,
                     *                 "nations": []
                     *               },
                     *               {
                     *                 "id": "01a2027b-d680-7ccc-ad99-8b06323896f2",
                     *                 "kind": "requirement",
                     *                 "text": "a year of relevant work",
                     *                 "category": "experience",
                     *                 "necessity": "usually",
                     *                 "qualification": null,
                     *                 "organisation": null,
                     *                 "links": [],
                     *                 "source": null,
                     *                 "nations": []
                     *               }
                     *             ]
                     *           },
                     *           "plain": [
                     *             "You'll usually need at least one of:",
                     *             "4 GCSEs at grade 4, with English and maths",
                     *             "a year of relevant work"
                     *           ],
                     *           "asks_for": {
                     *             "RQF": "0"
                     *           },
                     *           "further_information": null,
                     *           "subjects": [],
                     *           "standards": [],
                     *           "links": [
                     *             {
                     *               "text": "Find an apprenticeship",
                     *               "url": "https://www.gov.uk/apply-apprenticeship"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "skills": [
                     *         {
                     *           "id": "01a2027b-d680-7e30-9bf5-083c4fb039e0",
                     *           "kind": "essential",
                     *           "text": "solving problems",
                     *           "code": null
                     *         }
                     *       ],
                     *       "sections": [],
                     *       "used_by": [
                     *         {
                     *           "id": "01a2027b-d680-720f-9037-3ced7242491f",
                     *           "kind": "role-page",
                     *           "slug": "ict-support-technician",
                     *           "path": "/ict/ict-support-technician",
                     *           "title": "ICT support technician",
                     *           "summary": "ICT support technicians set up and maintain the computers that a health service runs on."
                     *         }
                     *       ],
                     *       "first_published_at": "2026-11-22T09:00:00Z",
                     *       "published_at": "2026-11-22T09:00:00Z",
                     *       "updated_at": "2026-11-22T09:00:00Z",
                     *       "last_reviewed_on": null,
                     *       "review_by": null,
                     *       "notice": null,
                     *       "feedback": {
                     *         "action": "/api/v1/reports",
                     *         "page_token": "AaICe9aAclalAHsjIjMGkAAAAAEAAAAAAAAADpfI77l_ab1DP8EjYH9pgnc",
                     *         "kinds": [
                     *           "problem",
                     *           "comment",
                     *           "accessibility",
                     *           "praise"
                     *         ]
                     *       },
                     *       "links": {
                     *         "self": "/api/v1/requirement-sections/digital-apprenticeship"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedRequirementSection"] | components["schemas"]["NarrowedRequirementSection"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_requirement_sections_by_page_what_changed: {
        parameters: {
            query?: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /**
                 * @description Items on a page.
                 * @example 5
                 */
                limit?: number;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example 01a2029a-0ce0-77c2-8701-89044fe7d844 */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [],
                     *       "next": null,
                     *       "total": 0
                     *     }
                     */
                    "application/json": components["schemas"]["FixToldList"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_role_pages: {
        parameters: {
            query?: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /**
                 * @description Names of keys of the page. Of a page only these are answered, beside its id; of a list item these as well.
                 * @example [
                 *       "alternative_titles"
                 *     ]
                 */
                fields?: string[];
                /** @description Only these pages. */
                ids?: string[];
                /**
                 * @description Items on a page.
                 * @example 2
                 */
                limit?: number;
                /**
                 * @description Nothing that is required or usually asked for on some way through the requirements is above this level: of `one_of` a degree and 2 A levels, RQF:3 is enough; of `all_of` the two it is not. Levels of different frameworks are not compared; what has no level in this one asks for nothing in it.
                 * @example RQF:2
                 */
                max_level?: "RQF:entry" | "RQF:1" | "RQF:2" | "RQF:3" | "RQF:4" | "RQF:5" | "RQF:6" | "RQF:7" | "RQF:8" | "CQFW:entry" | "CQFW:1" | "CQFW:2" | "CQFW:3" | "CQFW:4" | "CQFW:5" | "CQFW:6" | "CQFW:7" | "CQFW:8" | "SCQF:1" | "SCQF:2" | "SCQF:3" | "SCQF:4" | "SCQF:5" | "SCQF:6" | "SCQF:7" | "SCQF:8" | "SCQF:9" | "SCQF:10" | "SCQF:11" | "SCQF:12";
                /** @description The way in is open here. Requirements that name no nation hold in all of them; those that name only others are taken out before the rest is looked at. */
                nation?: "england" | "scotland" | "wales" | "northern_ireland";
                /** @description Some requirement of the way in has this necessity. */
                necessity?: "required" | "usually" | "sometimes" | "helpful" | "none";
                /** @description Only pages right below this one. */
                parent?: string;
                /** @description Words are found in whatever case and form and without accents; the last one may be the beginning of a word, unless a space follows it; a word that stands nowhere is taken for similar ones. Words in quotes stand one after the other, exactly as they are. */
                q?: string;
                /**
                 * @description The way in is an entry route of this kind.
                 * @example apprenticeship
                 */
                route?: "university" | "college" | "apprenticeship" | "graduate_scheme" | "work" | "volunteering" | "direct" | "other";
                /** @description Words that stand in a skill one after the other, in whatever case and with or without accents; or the skill's code, alone or as `scheme:code`. */
                skill?: string;
                /** @example title */
                sort?: "title" | "-title" | "updated_at" | "-updated_at";
                /** @description With `max_level`: whether routes of which nobody knows what they ask for, such as those in prose only, are listed too. */
                unknown?: "include" | "exclude";
                /** @description Only pages whose JSON changed at this time or later. */
                updated_since?: string;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "01a2027b-d680-720f-9037-3ced7242491f",
                     *           "kind": "role-page",
                     *           "slug": "ict-support-technician",
                     *           "path": "/ict/ict-support-technician",
                     *           "title": "ICT support technician",
                     *           "summary": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *           "published_at": "2026-11-22T09:00:00Z",
                     *           "updated_at": "2026-11-22T09:00:00Z",
                     *           "alternative_titles": [
                     *             "IT technician"
                     *           ]
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedList"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_role_pages_by_page: {
        parameters: {
            query?: {
                /** @description What the public saw at this time; only of pages that can be read now. */
                as_of?: string;
                /** @description Names of keys of the page. Of a page only these are answered, beside its id; of a list item these as well. */
                fields?: string[];
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example ict-support-technician */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a2027b-d680-720f-9037-3ced7242491f",
                     *       "kind": "role-page",
                     *       "slug": "ict-support-technician",
                     *       "path": "/ict/ict-support-technician",
                     *       "version": 1,
                     *       "language": "en-GB",
                     *       "title": "ICT support technician",
                     *       "title_article": "an",
                     *       "alternative_titles": [
                     *         "IT technician"
                     *       ],
                     *       "summary": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *       "meta_description": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *       "breadcrumbs": [
                     *         {
                     *           "id": "01a2027b-d680-7000-950e-0be582eb7d2c",
                     *           "kind": "role-page",
                     *           "slug": "ict",
                     *           "path": "/ict",
                     *           "title": "Information and communication technology",
                     *           "summary": "The people who keep the computers of a health service running."
                     *         }
                     *       ],
                     *       "lead_image": {
                     *         "id": "01a2027b-d680-7e53-b543-22cf3e84b656",
                     *         "alt": "A technician opens the case of a computer",
                     *         "decorative": false,
                     *         "caption": null,
                     *         "width": 640,
                     *         "height": 427,
                     *         "focal_point": {
                     *           "x": 0.4,
                     *           "y": 0.5
                     *         },
                     *         "sources": [
                     *           {
                     *             "src": "/media/01a2027bd6807e53b54322cf3e84b656-320.webp",
                     *             "width": 320,
                     *             "height": 214,
                     *             "type": "image/webp"
                     *           },
                     *           {
                     *             "src": "/media/01a2027bd6807e53b54322cf3e84b656-640.webp",
                     *             "width": 640,
                     *             "height": 427,
                     *             "type": "image/webp"
                     *           },
                     *           {
                     *             "src": "/media/01a2027bd6807e53b54322cf3e84b656-640.jpg",
                     *             "width": 640,
                     *             "height": 427,
                     *             "type": "image/jpeg"
                     *           }
                     *         ]
                     *       },
                     *       "sections": [
                     *         {
                     *           "id": "01a2027b-d680-7c1f-96a1-f5e0c1228b16",
                     *           "heading": "Working life",
                     *           "anchor": "working-life",
                     *           "display": "plain",
                     *           "blocks": [
                     *             {
                     *               "id": "01a2027b-d680-712e-8dff-951daece49f5",
                     *               "kind": "text",
                     *               "text": {
                     *                 "markdown": "You'll **set up** computers and put them right when they fail.\n",
                     *                 "html": "<p>You'll <strong>set up</strong> computers and put them right when they fail.</p>\n",
                     *                 "tree": [
                     *                   {
                     *                     "type": "paragraph",
                     *                     "content": [
                     *                       {
                     *                         "type": "text",
                     *                         "text": "You'll "
                     *                       },
                     *                       {
                     *                         "type": "strong",
                     *                         "content": [
                     *                           {
                     *                             "type": "text",
                     *                             "text": "set up"
                     *                           }
                     *                         ]
                     *                       },
                     *                       {
                     *                         "type": "text",
                     *                         "text": " computers and put them right when they fail."
                     *                       }
                     *                     ]
                     *                   }
                     *                 ]
                     *               }
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "id": "01a2027b-d680-7c4e-83c2-0c527ea18bbb",
                     *           "heading": "How to become one",
                     *           "anchor": "how-to-become-one",
                     *           "display": "plain",
                     *           "blocks": [
                     *             {
                     *               "id": "01a2027b-d680-70e6-90d5-b8386c4c69ab",
                     *               "kind": "requirements",
                     *               "note": null,
                     *               "requirement_section": {
                     *                 "id": "01a2027b-d680-7256-a500-7b2322330690",
                     *                 "kind": "requirement-section",
                     *                 "slug": "digital-apprenticeship",
                     *                 "path": "/digital-apprenticeship",
                     *                 "version": 1,
                     *                 "title": "Digital apprenticeship",
                     *                 "summary": "How to start as an apprentice.",
                     *                 "notice": null,
                     *                 "introduction": null,
                     *                 "requirements": null,
                     *                 "plain": [],
                     *                 "routes": [
                     *                   {
                     *                     "id": "01a2027b-d680-7f6f-a19b-201a05d668b6",
                     *                     "kind": "apprenticeship",
                     *                     "heading": null,
                     *                     "introduction": null,
                     *                     "requirements": {
                     *                       "id": "01a2027b-d680-78ae-a01f-6497b461980e",
                     *                       "kind": "group",
                     *                       "rule": "at_least",
                     *                       "count": 1,
                     *                       "lead_in": "You'll usually need at least one of:",
                     *                       "items": [
                     *                         {
                     *                           "id": "01a2027b-d680-77e3-81dc-2e135fe330c6",
                     *                           "kind": "requirement",
                     *                           "text": "4 GCSEs at grade 4, with English and maths",
                     *                           "category": "qualification",
                     *                           "necessity": "usually",
                     *                           "qualification": {
                     *                             "name": "GCSE",
                     *                             "level": {
                     *                               "framework": "RQF",
                     *                               "level": "2"
                     *                             },
                     *                             "grade": "4",
                     *                             "count_minimum": 4,
                     *                             "count_maximum": null,
                     *                             "or_equivalent": false,
                     *                             "subjects": []
                     *                           },
                     *                           "organisation": null,
                     *                           "links": [],
                     *                           "source": null,
                     *                           "nations": []
                     *                         },
                     *                         {
                     *                           "id": "01a2027b-d680-7ccc-ad99-8b06323896f2",
                     *                           "kind": "requirement",
                     *                           "text": "a year of relevant work",
                     *                           "category": "experience",
                     *                           "necessity": "usually",
                     *                           "qualification": null,
                     *                           "organisation": null,
                     *                           "links": [],
                     *                           "source": null,
                     *                           "nations": []
                     *                         }
                     *                       ]
                     *                     },
                     *                     "plain": [
                     *                       "You'll usually need at least one of:",
                     *                       "4 GCSEs at grade 4, with English and maths",
                     *                       "a year of relevant work"
                     *                     ],
                     *                     "asks_for": {
                     *                       "RQF": "0"
                     *                     },
                     *                     "further_information": null,
                     *                     "subjects": [],
                     *                     "standards": [],
                     *                     "links": [
                     *                       {
                     *                         "text": "Find an apprenticeship",
                     *                         "url": "https://www.gov.uk/apply-apprenticeship"
                     *                       }
                     *                     ]
                     *                   }
                     *                 ],
                     *                 "skills": [
                     *                   {
                     *                     "id": "01a2027b-d680-7e30-9bf5-083c4fb039e0",
                     *                     "kind": "essential",
                     *                     "text": "solving problems",
                     *                     "code": null
                     *                   }
                     *                 ],
                     *                 "sections": []
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "related_roles": [],
                     *       "learn_more": [
                     *         {
                     *           "text": "NHS Jobs",
                     *           "url": "https://www.jobs.nhs.uk/"
                     *         }
                     *       ],
                     *       "facts": {
                     *         "occupation_codes": [
                     *           {
                     *             "scheme": "uk-soc",
                     *             "scheme_version": "2020",
                     *             "code": "3132",
                     *             "label": "IT user support technicians",
                     *             "primary": true
                     *           }
                     *         ],
                     *         "pay": {
                     *           "kind": "range",
                     *           "minimum": 24000,
                     *           "maximum": 30000,
                     *           "currency": "GBP",
                     *           "period": "year",
                     *           "as_of": "2026-04-01"
                     *         },
                     *         "hours": null,
                     *         "tasks": [
                     *           {
                     *             "id": "01a2027b-d680-779a-a840-fd15d149eb7d",
                     *             "text": "installing new computers"
                     *           },
                     *           {
                     *             "id": "01a2027b-d680-7132-9b8a-9c804c1428cc",
                     *             "text": "finding faults"
                     *           }
                     *         ],
                     *         "skills": [],
                     *         "registrations": [],
                     *         "work_locations": [],
                     *         "work_environments": [],
                     *         "uniform": [],
                     *         "standards": [],
                     *         "career_path": null
                     *       },
                     *       "first_published_at": "2026-11-22T09:00:00Z",
                     *       "published_at": "2026-11-22T09:00:00Z",
                     *       "updated_at": "2026-11-22T09:00:00Z",
                     *       "last_reviewed_on": null,
                     *       "review_by": null,
                     *       "notice": null,
                     *       "feedback": {
                     *         "action": "/api/v1/reports",
                     *         "page_token": "AaICe9aAcg-QNzztckJJHwAAAAEAAAAAAAAADqizLQD-rhSwt1-c_BXY-bo",
                     *         "kinds": [
                     *           "problem",
                     *           "comment",
                     *           "accessibility",
                     *           "praise"
                     *         ]
                     *       },
                     *       "links": {
                     *         "self": "/api/v1/role-pages/ict-support-technician",
                     *         "json_ld": "/api/v1/role-pages/ict-support-technician/json-ld"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PublishedRolePage"] | components["schemas"]["NarrowedRolePage"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_role_pages_by_page_json_ld: {
        parameters: {
            query?: never;
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example ict-support-technician */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "@context": "https://schema.org",
                     *       "@graph": [
                     *         {
                     *           "@type": "WebPage",
                     *           "@id": "https://site.example/ict/ict-support-technician#page",
                     *           "url": "https://site.example/ict/ict-support-technician",
                     *           "name": "ICT support technician",
                     *           "description": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *           "inLanguage": "en-GB",
                     *           "datePublished": "2026-11-22T09:00:00Z",
                     *           "dateModified": "2026-11-22T09:00:00Z",
                     *           "breadcrumb": {
                     *             "@id": "https://site.example/ict/ict-support-technician#breadcrumbs"
                     *           },
                     *           "mainEntity": {
                     *             "@id": "https://site.example/ict/ict-support-technician#occupation"
                     *           }
                     *         },
                     *         {
                     *           "@type": "BreadcrumbList",
                     *           "@id": "https://site.example/ict/ict-support-technician#breadcrumbs",
                     *           "itemListElement": [
                     *             {
                     *               "@type": "ListItem",
                     *               "position": 1,
                     *               "name": "Information and communication technology",
                     *               "item": "https://site.example/ict"
                     *             },
                     *             {
                     *               "@type": "ListItem",
                     *               "position": 2,
                     *               "name": "ICT support technician",
                     *               "item": "https://site.example/ict/ict-support-technician"
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "@type": "Occupation",
                     *           "@id": "https://site.example/ict/ict-support-technician#occupation",
                     *           "name": "ICT support technician",
                     *           "alternateName": [
                     *             "IT technician"
                     *           ],
                     *           "description": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *           "mainEntityOfPage": "https://site.example/ict/ict-support-technician",
                     *           "occupationalCategory": [
                     *             {
                     *               "@type": "CategoryCode",
                     *               "codeValue": "3132",
                     *               "name": "IT user support technicians",
                     *               "inCodeSet": {
                     *                 "@type": "CategoryCodeSet",
                     *                 "name": "UK SOC 2020"
                     *               }
                     *             }
                     *           ],
                     *           "responsibilities": [
                     *             "installing new computers",
                     *             "finding faults"
                     *           ],
                     *           "estimatedSalary": {
                     *             "@type": "MonetaryAmount",
                     *             "currency": "GBP",
                     *             "value": {
                     *               "@type": "QuantitativeValue",
                     *               "minValue": 24000,
                     *               "maxValue": 30000,
                     *               "unitText": "YEAR"
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/ld+json": Record<string, never>;
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_role_pages_by_page_what_changed: {
        parameters: {
            query?: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example cook */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "changed_at": "2026-11-22T09:13:00Z",
                     *           "document": {
                     *             "id": "01a20287-bd60-72c0-91b1-2fdb8fb20bc7",
                     *             "kind": "role-page"
                     *           },
                     *           "version": 1,
                     *           "block": null,
                     *           "text": "The hours are those of the new contract."
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["FixToldList"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    get_api_search: {
        parameters: {
            query: {
                /** @description From `next`; opaque. */
                cursor?: string;
                /**
                 * @description Only pages of this kind.
                 * @example role-page
                 */
                kind?: "role-page" | "requirement-section";
                /** @description Items on a page. */
                limit?: number;
                /** @description Nothing that is required or usually asked for on some way through the requirements is above this level: of `one_of` a degree and 2 A levels, RQF:3 is enough; of `all_of` the two it is not. Levels of different frameworks are not compared; what has no level in this one asks for nothing in it. */
                max_level?: "RQF:entry" | "RQF:1" | "RQF:2" | "RQF:3" | "RQF:4" | "RQF:5" | "RQF:6" | "RQF:7" | "RQF:8" | "CQFW:entry" | "CQFW:1" | "CQFW:2" | "CQFW:3" | "CQFW:4" | "CQFW:5" | "CQFW:6" | "CQFW:7" | "CQFW:8" | "SCQF:1" | "SCQF:2" | "SCQF:3" | "SCQF:4" | "SCQF:5" | "SCQF:6" | "SCQF:7" | "SCQF:8" | "SCQF:9" | "SCQF:10" | "SCQF:11" | "SCQF:12";
                /** @description The way in is open here. Requirements that name no nation hold in all of them; those that name only others are taken out before the rest is looked at. */
                nation?: "england" | "scotland" | "wales" | "northern_ireland";
                /** @description Some requirement of the way in has this necessity. */
                necessity?: "required" | "usually" | "sometimes" | "helpful" | "none";
                /** @description Only pages right below this one. */
                parent?: string;
                /**
                 * @description Words are found in whatever case and form and without accents; the last one may be the beginning of a word, unless a space follows it; a word that stands nowhere is taken for similar ones. Words in quotes stand one after the other, exactly as they are.
                 * @example suport tech
                 */
                q: string;
                /** @description The way in is an entry route of this kind. */
                route?: "university" | "college" | "apprenticeship" | "graduate_scheme" | "work" | "volunteering" | "direct" | "other";
                /** @description Words that stand in a skill one after the other, in whatever case and with or without accents; or the skill's code, alone or as `scheme:code`. */
                skill?: string;
                /** @description With `max_level`: whether routes of which nobody knows what they ask for, such as those in prose only, are listed too. */
                unknown?: "include" | "exclude";
                /** @description Only pages whose JSON changed at this time or later. */
                updated_since?: string;
            };
            header?: {
                /** @description The time of the answer that is known already. */
                "If-Modified-Since"?: components["parameters"]["IfModifiedSince"];
                /** @description ETags of answers that are known already. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the public reads it. */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "01a2027b-d680-720f-9037-3ced7242491f",
                     *           "kind": "role-page",
                     *           "slug": "ict-support-technician",
                     *           "path": "/ict/ict-support-technician",
                     *           "title": "ICT support technician",
                     *           "summary": "ICT support technicians set up and maintain the computers that a health service runs on.",
                     *           "published_at": "2026-11-22T09:00:00Z",
                     *           "updated_at": "2026-11-22T09:00:00Z",
                     *           "highlights": [
                     *             {
                     *               "field": "title",
                     *               "pieces": [
                     *                 {
                     *                   "text": "ICT ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "support",
                     *                   "marked": true
                     *                 },
                     *                 {
                     *                   "text": " ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "technician",
                     *                   "marked": true
                     *                 }
                     *               ]
                     *             },
                     *             {
                     *               "field": "alternative_titles",
                     *               "pieces": [
                     *                 {
                     *                   "text": "IT ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "technician",
                     *                   "marked": true
                     *                 }
                     *               ]
                     *             },
                     *             {
                     *               "field": "summary",
                     *               "pieces": [
                     *                 {
                     *                   "text": "ICT ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "support",
                     *                   "marked": true
                     *                 },
                     *                 {
                     *                   "text": " ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "technicians",
                     *                   "marked": true
                     *                 },
                     *                 {
                     *                   "text": " set up and maintain the computers that a health service runs on.",
                     *                   "marked": false
                     *                 }
                     *               ]
                     *             },
                     *             {
                     *               "field": "text",
                     *               "pieces": [
                     *                 {
                     *                   "text": "IT user ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "support",
                     *                   "marked": true
                     *                 },
                     *                 {
                     *                   "text": " ",
                     *                   "marked": false
                     *                 },
                     *                 {
                     *                   "text": "technicians",
                     *                   "marked": true
                     *                 }
                     *               ]
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next": null,
                     *       "total": 1,
                     *       "facets": {
                     *         "parent": [
                     *           {
                     *             "parent": {
                     *               "id": "01a2027b-d680-7000-950e-0be582eb7d2c",
                     *               "kind": "role-page",
                     *               "slug": "ict",
                     *               "path": "/ict",
                     *               "title": "Information and communication technology",
                     *               "summary": "The people who keep the computers of a health service running."
                     *             },
                     *             "count": 1
                     *           }
                     *         ],
                     *         "route": [
                     *           {
                     *             "route": "apprenticeship",
                     *             "count": 1
                     *           }
                     *         ],
                     *         "level": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description What the caller has is still so. */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Surrogate-Key": components["headers"]["Surrogate-Key"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
}
