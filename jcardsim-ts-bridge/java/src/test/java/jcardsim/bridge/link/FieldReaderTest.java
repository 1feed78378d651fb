package jcardsim.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@DisplayName("A frame body")
class FieldReaderTest {
  private static byte[] body() {
    FieldWriter out = new FieldWriter().clear(0);
    out.u8(0xFE).u32(0x89ABCDEF).u64(0x8123456789ABCDEFL).flag(true).bytes(new byte[] {1, 2, 3}).string("é").raw(new byte[] {9});
    return Arrays.copyOf(out.buffer(), out.length());
  }

  private static void readAll(FieldReader in) {
    assertEquals(0xFE, in.u8());
    assertEquals(0x89ABCDEF, in.u32());
    assertEquals(0x8123456789ABCDEFL, in.u64());
    assertTrue(in.flag());
    assertArrayEquals(new byte[] {1, 2, 3}, in.bytes());
    assertEquals("é", in.string());
  }

  @Test
  @DisplayName("gives back every field that was written")
  void roundTrip() {
    FieldReader in = new FieldReader(body(), 0, body().length);
    readAll(in);
    assertArrayEquals(new byte[] {9}, in.rest());
    in.done();
  }

  @Test
  @DisplayName("cut short anywhere is refused, and never reads on into what follows it in the buffer")
  void cutShort() {
    byte[] body = body();
    for (int end = 0; end < body.length - 1; end++) {
      FieldReader in = new FieldReader(body, 0, end);
      refused(() -> readAll(in));
    }
  }

  @Test
  @DisplayName("with bytes left over, a flag that is no flag, or a count beyond its end is refused")
  void malformed() {
    refused(() -> new FieldReader(new byte[1], 0, 1).done());
    refused(() -> new FieldReader(new byte[] {2}, 0, 1).flag());
    refused(() -> new FieldReader(new byte[] {0, 0, 0, 2, 1}, 0, 5).bytes());
    refused(() -> new FieldReader(new byte[] {(byte) 0xFF, 0, 0, 0}, 0, 4).count("list"));
    refused(() -> new FieldReader(new byte[] {0x7F, 0, 0, 0}, 0, 4).string());
  }

  private static void refused(Executable action) {
    assertEquals(LinkException.Code.BAD_REQUEST, assertThrows(LinkException.class, action).code());
  }
}
