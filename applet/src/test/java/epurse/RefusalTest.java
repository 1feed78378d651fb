package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RefusalTest {

    private static final Path SPECIFICATION = Path.of("..", "apdu-specs");

    private static Map<String, String> pairs(String file, String after, String pattern) throws IOException {
        String text = Files.readString(SPECIFICATION.resolve(file));
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text.substring(text.indexOf(after)));
        Map<String, String> found = new HashMap<>();
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        assertTrue(found.size() > 10, file);
        return found;
    }

    @Test
    void everyReasonGoesWithTheStatusWordOfTheSpecification() throws IOException {
        Map<String, String> statusWords = new HashMap<>();
        pairs("status-words.yaml", "", "sw: 0x(\\w{4}),.*name: (\\w+)").forEach((sw, name) -> statusWords.put(name, sw));
        Map<String, String> reasons = pairs("enums.yaml", "name: reason", "name: (\\w+), value: 0x(\\w\\w)");
        Map<String, String> expected = pairs("states.yaml", "moneyRefusals", "^  (\\w+): (\\w+)$");
        expected.forEach((reason, statusWord) -> {
            byte value = (byte) Integer.parseInt(reasons.get(reason), 16);
            assertEquals(statusWords.get(statusWord), String.format("%04X", Refusal.statusWord(value)), reason);
        });
    }
}
