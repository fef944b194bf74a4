#include "report/render/pdf.h"
bool pdf_write(const struct pdf_input *input, struct text *out, struct error *err)
{ (void)input; (void)out; return error_set(err, "later"); }
bool pdf_write_png(const struct pdf_input *input, struct text *out, struct error *err)
{ (void)input; (void)out; return error_set(err, "later"); }
