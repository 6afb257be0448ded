package dev.genpt.door;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What gives away the machine that a text was made on: a folder of some user, a temporary folder,
 * the machine's or the user's name, or a path that leads out of the clone.
 */
final class MachineTrace {
  private static final Pattern USERS_FOLDER =
      Pattern.compile(
          "(?<![\\w.])/(?:home|root|Users|tmp|work|var/folders)/[\\w.-]+|[A-Z]:(?:\\\\{1,2}|/)Users\\b");

  private static final Pattern UPWARD = Pattern.compile("(?<![\\w./])(?:\\.\\./)+");

  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final Pattern hostName;
  private final Pattern userName;

  /** The trace of the machine {@code host} and its user {@code user}. */
  MachineTrace(String host, String user) {
    hostName = isUnusual(host) ? Pattern.compile(word(host)) : NOTHING;
    userName = ofUser(word(user));
  }

  static MachineTrace ofThisMachine() throws UnknownHostException {
    return new MachineTrace(
        InetAddress.getLocalHost().getHostName(), System.getProperty("user.name"));
  }

  /** What a line of {@code file}, a path in the clone, gives away; empty if nothing. */
  Optional<String> in(Path file, String line) {
    Matcher folder = USERS_FOLDER.matcher(line);
    if (folder.find()) {
      return Optional.of("a folder of a machine, " + folder.group());
    }
    if (hostName.matcher(line).find()) {
      return Optional.of("the name of this machine");
    }
    if (userName.matcher(line).find()) {
      return Optional.of("the name of this user");
    }
    return UPWARD
        .matcher(line)
        .results()
        .filter(up -> up.group().length() / "../".length() >= file.getNameCount())
        .findFirst()
        .map(up -> "a path out of the clone, " + up.group());
  }

  /** A machine called by a plain word cannot be told from that word. */
  private static boolean isUnusual(String name) {
    return name.length() > 2 && !name.matches("[A-Za-z]+");
  }

  private static String word(String name) {
    return "(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])";
  }

  /**
   * A user's name may be a plain word too, so only where names of users stand: before an at sign
   * and after "user:". Their folders are looked for by themselves.
   */
  private static Pattern ofUser(String name) {
    return Pattern.compile("%1$s@|(?i:user(?:name)?)\"?\\s*[:=]\\s*\"?%1$s".formatted(name));
  }
}
