import mark from "../../favicon.svg";

export function Mark() {
  return <img src={mark} alt="" width={22} height={22} />;
}
