/* The finding that says that an image was judged. */
#ifndef HEADROOM_REPORT_DOCUMENT_IMAGE_H
#define HEADROOM_REPORT_DOCUMENT_IMAGE_H

#define DOCUMENT_IMAGE_FINDING "image"

#endif
