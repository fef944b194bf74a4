/* headroom-import, where it is a program of its own. */
#include "report/helper/import.h"

int main(int argc, char **argv)
{
	return import_run(argc, argv);
}
