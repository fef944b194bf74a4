import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Whether files are PDF/UA-1 as veraPDF sees it: a line of TAP for each, with what is wrong below it. */
public class Validate {
	public static void main(String[] files) throws Exception {
		VeraGreenfieldFoundryProvider.initialise();
		boolean good = true;
		for (String file : files) {
			try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1)) {
				ValidationResult result =
						Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(parser);
				boolean sound = result.isCompliant() && result.getTotalAssertions() > 100;
				good &= sound;
				System.out.println((sound ? "ok - " : "not ok - ") + file.replaceAll(".*/", "") + ": PDF/UA-1, "
						+ result.getTotalAssertions() + " checks");
				result.getTestAssertions().stream().filter(test -> test.getStatus() == TestAssertion.Status.FAILED).limit(5)
						.forEach(test -> System.out.println("#   " + test.getRuleId().getClause() + ": " + test.getMessage()));
			}
		}
		System.exit(good ? 0 : 1);
	}
}
