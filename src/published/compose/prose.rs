//! Sections, blocks, links and images of a page. It knows nothing of what surrounds them.

use crate::content::{
    kinds::section::{self, BlockBody, LinkTarget},
    values::Markdown,
};

use super::{
    super::{bundle, view},
    Composer, rich_text,
};

impl Composer<'_> {
    /// All sections of one document. Their anchors are given before those of the sections that stand within them, so that
    /// a change to an embedded section doesn't rename the page's own anchors.
    pub(super) fn sections(&mut self, sections: &[section::Section]) -> Vec<view::Section> {
        let anchors: Vec<Option<String>> =
            sections.iter().map(|section| section.heading.as_deref().map(|heading| self.anchors.of(heading))).collect();
        sections.iter().zip(anchors).map(|(section, anchor)| self.section(section, anchor)).collect()
    }

    fn section(&mut self, section: &section::Section, anchor: Option<String>) -> view::Section {
        let section::Section { id, heading, display, blocks } = section;
        view::Section {
            id: *id,
            heading: heading.clone(),
            anchor,
            display: *display,
            blocks: blocks.iter().filter_map(|block| self.block(block)).collect(),
        }
    }

    fn block(&mut self, block: &section::Block) -> Option<view::Block> {
        let section::Block { id, body } = block;
        let body = match body {
            BlockBody::Text { markdown } => view::BlockBody::Text { text: self.rich_text(markdown) },
            BlockBody::Image(used) => view::BlockBody::Image { image: self.image(used)? },
            BlockBody::Callout { tone, heading, markdown } => {
                view::BlockBody::Callout { tone: *tone, heading: heading.clone(), text: self.rich_text(markdown) }
            }
            BlockBody::Details { summary, markdown } => {
                view::BlockBody::Details { summary: summary.clone(), text: self.rich_text(markdown) }
            }
            BlockBody::Roles { introduction, roles } => view::BlockBody::Roles {
                introduction: self.rich_text(introduction),
                roles: roles.iter().map(|role| self.role_summary(role)).collect(),
            },
            BlockBody::Requirements { requirement_section, note } => view::BlockBody::Requirements {
                note: self.rich_text(note),
                requirement_section: Box::new(self.embedded((*requirement_section)?)?),
            },
            BlockBody::Links { links } => view::BlockBody::Links { links: self.links(links) },
            BlockBody::Quote { markdown, attribution } => {
                view::BlockBody::Quote { text: self.rich_text(markdown), attribution: attribution.clone() }
            }
            BlockBody::Facts { show } => view::BlockBody::Facts { show: show.clone() },
        };
        Some(view::Block { id: *id, body })
    }

    fn role_summary(&self, role: &section::RoleSummary) -> view::RoleSummary {
        let section::RoleSummary { id, title, markdown, tasks, page } = role;
        view::RoleSummary {
            id: *id,
            title: title.clone(),
            text: self.rich_text(markdown),
            tasks: tasks.iter().map(Into::into).collect(),
            page: page.and_then(|page| self.card(page)),
        }
    }

    /// `None` if nothing stands in it.
    pub(super) fn rich_text(&self, markdown: &Markdown) -> Option<view::RichText> {
        rich_text::published(markdown, &|document, block| self.address(document, block))
    }

    /// Those that lead somewhere.
    pub(super) fn links(&self, links: &[section::Link]) -> Vec<view::Link> {
        links.iter().filter_map(|link| self.link(link)).collect()
    }

    fn link(&self, link: &section::Link) -> Option<view::Link> {
        let section::Link { text, target } = link;
        let (url, document, block) = match target {
            LinkTarget::Address { url } => (url.clone(), None, None),
            LinkTarget::Document { document, block } => (self.address(*document, *block)?, Some(*document), *block),
        };
        Some(view::Link { text: text.clone(), url, document, block })
    }

    /// `None` if the image is not public.
    pub(super) fn image(&self, used: &section::ImageUse) -> Option<view::Image> {
        let section::ImageUse { media, alt, decorative, caption } = used;
        let bundle::Media { id, width, height, focal_point, renditions } = self.bundle.media.get(media.as_ref()?)?;
        Some(view::Image {
            id: *id,
            alt: if *decorative { String::new() } else { alt.clone() },
            decorative: *decorative,
            caption: caption.clone(),
            width: *width,
            height: *height,
            focal_point: *focal_point,
            sources: sources(renditions),
        })
    }
}

/// Types that few browsers lack but that are smaller come first, and within a type the narrower ones: browsers take the
/// first that they can show.
fn sources(renditions: &[bundle::Rendition]) -> Vec<view::ImageSource> {
    let mut sorted: Vec<&bundle::Rendition> = renditions.iter().collect();
    sorted.sort_by_key(|one| (one.media_type != "image/webp", &one.media_type, one.width, &one.key));
    sorted.into_iter().map(source).collect()
}

fn source(rendition: &bundle::Rendition) -> view::ImageSource {
    let bundle::Rendition { key, width, height, media_type } = rendition;
    view::ImageSource { src: format!("/media/{key}"), width: *width, height: *height, media_type: media_type.clone() }
}
