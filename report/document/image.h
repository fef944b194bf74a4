/* The finding by which a document says that it judged an image. */
#ifndef HEADROOM_REPORT_DOCUMENT_IMAGE_H
#define HEADROOM_REPORT_DOCUMENT_IMAGE_H

#define DOCUMENT_IMAGE_FINDING "image"

#endif
